#include "core/text/html_cdata.h"

#include "absl/strings/match.h"

namespace wonbon {
namespace {

template <size_t kSpellings>
size_t MatchedBytes(std::string_view html, const std::string_view (&spellings)[kSpellings]) {
  for (const std::string_view spelling : spellings) {
    const std::string_view start = html.substr(0, spelling.size());
    if (absl::EqualsIgnoreCase({start.data(), start.size()}, {spelling.data(), spelling.size()})) {
      return spelling.size();
    }
  }
  return 0;
}

}  // namespace

size_t CdataOpeningBytes(std::string_view html) {
  static constexpr std::string_view kSpellings[] = {"<![CDATA[", "<!--[CDATA[", "&lt;![CDATA[",
                                                    "&#60;![CDATA["};
  return MatchedBytes(html, kSpellings);
}

size_t CdataClosingBytes(std::string_view html) {
  static constexpr std::string_view kSpellings[] = {"]]>", "]]-->", "]]&gt;", "]]&#62;"};
  return MatchedBytes(html, kSpellings);
}

}  // namespace wonbon
