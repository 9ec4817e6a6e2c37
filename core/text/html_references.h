// Character references of HTML: "&nbsp;", "&#44032;", "&quot". Pure functions, thread-safe.
//
// Known by name are those of HTML 4 and the ASCII punctuation of HTML 5. Names of one Latin-1
// character and those that news writers type are read without their semicolon too, but not where
// they only begin something else: "AT&T", "R&D", "&copyright=2" in the query of a url.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace wonbon {

struct HtmlReference {
  std::string text;       // what it stands for, UTF-8
  std::string_view name;  // "nbsp"; empty for a number
  size_t bytes = 0;       // its length, from '&' on
};

// The reference that begins `html`, which begins with '&'.
std::optional<HtmlReference> ReadHtmlReference(std::string_view html);

}  // namespace wonbon
