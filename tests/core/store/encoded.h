// A record as the bytes that the store writes.
#pragma once

#include <string>

namespace wonbon {

template <typename Record>
std::string Encoded(void (*encode)(const Record&, std::string*), const Record& record) {
  std::string bytes;
  encode(record, &bytes);
  return bytes;
}

}  // namespace wonbon
