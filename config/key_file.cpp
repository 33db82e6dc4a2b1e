#include "config/key_file.hpp"

#include <cerrno>
#include <fstream>
#include <stdexcept>
#include <system_error>

namespace boxoffice::config {

std::string read_key_file(const std::string& path) {
  constexpr std::size_t largest_key = 64 * 1024;
  std::ifstream file(path, std::ios::binary);
  std::string key(largest_key + 1, '\0');
  if (file) file.read(key.data(), static_cast<std::streamsize>(key.size()));
  if (!file && !file.eof())
    throw std::runtime_error("the key file " + path + " can't be read" +
                             (errno ? ": " + std::generic_category().message(errno) : ""));
  key.resize(static_cast<std::size_t>(file.gcount()));
  if (key.size() > largest_key)
    throw std::runtime_error("the key file " + path + " is larger than 64 KiB");
  if (!key.empty() && key.back() == '\n') key.pop_back();
  if (!key.empty() && key.back() == '\r') key.pop_back();
  if (key.empty()) throw std::runtime_error("the key file " + path + " is empty");
  return key;
}

} // namespace boxoffice::config
