// What a caller may do. Pure functions.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace wonbon::keys {

// Each includes those before it.
enum class Role : uint8_t {
  kReader,  // look: reads, checks, comparisons, watches
  kWriter,  // submit and delete documents
  kEditor,  // overrule the machine: pin, merge, split
  kAdmin,   // collections, backups, the server itself
};

inline constexpr std::array<std::string_view, 4> kRoleNames = {"reader", "writer", "editor",
                                                               "admin"};

constexpr std::string_view Name(Role role) { return kRoleNames[static_cast<size_t>(role)]; }
constexpr std::optional<Role> ParseRole(std::string_view name) {
  for (size_t i = 0; i < kRoleNames.size(); ++i) {
    if (kRoleNames[i] == name) return static_cast<Role>(i);
  }
  return std::nullopt;
}

}  // namespace wonbon::keys
