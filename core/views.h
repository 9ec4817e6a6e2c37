// Between the two string views: Debian 12's absl has one of its own.
#pragma once

#include <string_view>

#include "absl/strings/string_view.h"

namespace wonbon {

inline absl::string_view Absl(std::string_view text) { return {text.data(), text.size()}; }
inline std::string_view Std(absl::string_view text) { return {text.data(), text.size()}; }

}  // namespace wonbon
