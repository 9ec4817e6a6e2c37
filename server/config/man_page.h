// The manual page, from what --help says.
#pragma once

#include <span>
#include <string>

namespace wonbon::server {

// A flag as it is written ("--listen TEXT"), and what --help says of it.
struct DescribedFlag {
  std::string written;
  std::string description;
};

// In the language of man(7), for section 8. `description`: what the program is, in sentences.
std::string ManPage(const std::string& description, std::span<const DescribedFlag> flags);

}  // namespace wonbon::server
