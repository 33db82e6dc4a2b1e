# Debian packages CAF 0.17 without a CMake config or a .pc file.
# Gives CAF::<component> for each requested component, and CAF_VERSION.
find_path(CAF_INCLUDE_DIR caf/config.hpp)
set(caf_required CAF_INCLUDE_DIR)

if(CAF_INCLUDE_DIR)
  # CAF_VERSION is major * 10000 + minor * 100 + patch.
  file(STRINGS "${CAF_INCLUDE_DIR}/caf/config.hpp" caf_line REGEX "#define CAF_VERSION +[0-9]+")
  string(REGEX MATCH "[0-9]+$" caf_number "${caf_line}")
  math(EXPR caf_major "${caf_number} / 10000")
  math(EXPR caf_minor "${caf_number} / 100 % 100")
  math(EXPR caf_patch "${caf_number} % 100")
  set(CAF_VERSION "${caf_major}.${caf_minor}.${caf_patch}")
endif()

foreach(component IN LISTS CAF_FIND_COMPONENTS)
  find_library(CAF_${component}_LIBRARY "caf_${component}")
  list(APPEND caf_required "CAF_${component}_LIBRARY")
endforeach()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(CAF REQUIRED_VARS ${caf_required} VERSION_VAR CAF_VERSION)

find_package(Threads REQUIRED)
foreach(component IN LISTS CAF_FIND_COMPONENTS)
  if(CAF_FOUND AND NOT TARGET CAF::${component})
    add_library(CAF::${component} SHARED IMPORTED)
    set_target_properties(CAF::${component} PROPERTIES
      IMPORTED_LOCATION "${CAF_${component}_LIBRARY}"
      INTERFACE_INCLUDE_DIRECTORIES "${CAF_INCLUDE_DIR}"
      INTERFACE_LINK_LIBRARIES Threads::Threads)
  endif()
endforeach()
