// Feeds are UTF-8, archives are often CP949 (of which EUC-KR is a part). The importer converts; the
// server takes UTF-8 only.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

struct UConverter;

namespace wonbon::client {

enum class Encoding { kAuto, kUtf8, kCp949 };

// "auto", "utf-8", "cp949" or "euc-kr", in any case. INVALID_ARGUMENT otherwise.
absl::StatusOr<Encoding> ParseEncoding(std::string_view name);

bool IsAscii(std::string_view text);

// Strict CP949 to UTF-8. Not thread-safe.
class Cp949Converter {
 public:
  Cp949Converter();
  ~Cp949Converter();
  Cp949Converter(const Cp949Converter&) = delete;
  Cp949Converter& operator=(const Cp949Converter&) = delete;

  // The text as UTF-8; nothing where it holds a byte that CP949 does not have, whose offset goes to
  // `wrong` then.
  std::optional<std::string> Convert(std::string_view text, size_t* wrong = nullptr);

 private:
  UConverter* const converter_;
};

// What some whole lines are written in: UTF-8 as soon as one line with other than ASCII characters
// is UTF-8; CP949 where every such line is CP949; UTF-8 otherwise (then single lines are damaged).
// Never kAuto, except where all is ASCII.
Encoding DetectEncoding(std::string_view lines, Cp949Converter* converter);

}  // namespace wonbon::client
