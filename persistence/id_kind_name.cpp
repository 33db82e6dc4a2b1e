#include "persistence/id_kind_name.hpp"

namespace boxoffice::persistence {

std::string_view to_string(domain::id_kind kind) {
  switch (kind) {
  case domain::id_kind::concert: return "concert";
  case domain::id_kind::option: return "option";
  case domain::id_kind::seat: return "seat";
  case domain::id_kind::booking: return "booking";
  case domain::id_kind::payment: return "payment";
  case domain::id_kind::token: return "token";
  case domain::id_kind::reservation: return "reservation";
  case domain::id_kind::point: return "point";
  case domain::id_kind::entry: return "entry";
  }
  return "";
}

} // namespace boxoffice::persistence
