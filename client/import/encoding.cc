#include "client/import/encoding.h"

#include <simdjson.h>
#include <unicode/ucnv.h>
#include <unicode/ustring.h>

#include <algorithm>
#include <cctype>
#include <vector>

namespace wonbon::client {
namespace {

// CP949 decodes lone bytes 0x80 to 0x9F and user-defined pairs as well; text holds neither, damaged
// UTF-8 does.
bool IsText(UChar c) { return !(c >= 0x80 && c < 0xA0) && !(c >= 0xE000 && c < 0xF900); }

}  // namespace

absl::StatusOr<Encoding> ParseEncoding(std::string_view name) {
  std::string lower(name);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  if (lower == "auto") return Encoding::kAuto;
  if (lower == "utf-8" || lower == "utf8") return Encoding::kUtf8;
  if (lower == "cp949" || lower == "euc-kr" || lower == "euckr" || lower == "uhc" ||
      lower == "ms949") {
    return Encoding::kCp949;
  }
  return absl::InvalidArgumentError("encoding \"" + std::string(name) +
                                    "\" is not one of auto, utf-8, cp949, euc-kr");
}

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
}

Cp949Converter::Cp949Converter()
    : converter_([] {
        UErrorCode error = U_ZERO_ERROR;
        UConverter* converter = ucnv_open("windows-949", &error);
        ucnv_setToUCallBack(converter, UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &error);
        return converter;
      }()) {}

Cp949Converter::~Cp949Converter() { ucnv_close(converter_); }

std::optional<std::string> Cp949Converter::Convert(std::string_view text, size_t* wrong) {
  // A byte becomes at most one UTF-16 unit.
  std::vector<UChar> units(text.size() + 1);
  ucnv_resetToUnicode(converter_);
  UChar* target = units.data();
  const char* next = text.data();
  UErrorCode error = U_ZERO_ERROR;
  ucnv_toUnicode(converter_, &target, units.data() + units.size(), &next,
                 text.data() + text.size(), nullptr, /*flush=*/true, &error);
  const UChar* const bad = std::find_if_not(units.data(), target, IsText);
  if (U_FAILURE(error) || bad != target) {
    // Text before that is of one byte a unit in ASCII, of two beyond.
    const auto pairs =
        std::count_if<const UChar*>(units.data(), bad, [](UChar c) { return c >= 0x80; });
    if (wrong != nullptr) *wrong = static_cast<size_t>(bad - units.data() + pairs);
    return std::nullopt;
  }
  const auto count = static_cast<int32_t>(target - units.data());
  std::string utf8(static_cast<size_t>(count) * 3, '\0');
  int32_t length = 0;
  u_strToUTF8(utf8.data(), static_cast<int32_t>(utf8.size()), &length, units.data(), count, &error);
  utf8.resize(static_cast<size_t>(length));
  return utf8;
}

Encoding DetectEncoding(std::string_view lines, Cp949Converter* converter) {
  bool any = false;
  bool all_cp949 = true;
  while (!lines.empty()) {
    const size_t end = std::min(lines.find('\n'), lines.size());
    const std::string_view line = lines.substr(0, end);
    lines.remove_prefix(std::min(end + 1, lines.size()));
    if (IsAscii(line)) continue;
    any = true;
    if (simdjson::validate_utf8(line.data(), line.size())) return Encoding::kUtf8;
    all_cp949 = all_cp949 && converter->Convert(line).has_value();
  }
  if (!any) return Encoding::kAuto;
  return all_cp949 ? Encoding::kCp949 : Encoding::kUtf8;
}

}  // namespace wonbon::client
