#include "core/identity/url_escapes.h"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>

#include <algorithm>

#include "absl/strings/ascii.h"
#include "core/text/utf8.h"

namespace wonbon {
namespace {

// -1 for anything but a hexadecimal digit.
int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = absl::ascii_tolower(static_cast<unsigned char>(c));
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

void AppendEscaped(uint8_t byte, std::string* out) {
  constexpr char kHex[] = "0123456789ABCDEF";
  *out += '%';
  *out += kHex[byte >> 4];
  *out += kHex[byte & 15];
}

bool IsPlain(uint8_t byte) {
  return byte >= 0x80 || absl::ascii_isalnum(byte) ||
         std::string_view("-._~").find(static_cast<char>(byte)) != std::string_view::npos;
}

std::string Compose(const std::string& text) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* const nfc = icu::Normalizer2::getNFCInstance(error);
  std::string composed;
  icu::StringByteSink<std::string> sink(&composed);
  if (U_SUCCESS(error)) nfc->normalizeUTF8(0, text, sink, nullptr, error);
  return U_SUCCESS(error) ? composed : text;
}

}  // namespace

std::string FoldEscapes(std::string_view part) {
  std::string out;
  bool is_ascii = true;
  for (size_t i = 0; i < part.size(); ++i) {
    auto byte = static_cast<uint8_t>(part[i]);
    if (byte == '%' && i + 2 < part.size()) {
      const int high = HexValue(part[i + 1]);
      const int low = HexValue(part[i + 2]);
      if (high >= 0 && low >= 0) {
        byte = static_cast<uint8_t>(high << 4 | low);
        i += 2;
      }
    }
    is_ascii = is_ascii && byte < 0x80;
    if (IsPlain(byte)) {
      out += static_cast<char>(byte);
    } else {
      AppendEscaped(byte, &out);
    }
  }
  // Addresses of older sites are escaped CP949: those stay the bytes they are.
  return is_ascii || FindInvalidUtf8(out) < out.size() ? out : Compose(out);
}

}  // namespace wonbon
