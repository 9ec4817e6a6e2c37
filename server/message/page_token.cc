#include "server/message/page_token.h"

#include <xxhash.h>

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "core/error.h"
#include "core/limits.h"
#include "core/views.h"
#include "server/limits.h"

namespace wonbon::server {
namespace {

constexpr char kVersion = 1;
constexpr size_t kHeaderBytes = 1 + 8;

std::string LittleEndian(uint64_t value) {
  std::string bytes(8, '\0');
  for (size_t i = 0; i < 8; ++i) bytes[i] = static_cast<char>(value >> (8 * i));
  return bytes;
}

std::string Checksum(std::string_view query, std::string_view position) {
  // The length keeps (query, position) apart from (query + x, position without x).
  const std::string input = absl::StrCat(LittleEndian(query.size()), Absl(query), Absl(position));
  return LittleEndian(XXH3_64bits(input.data(), input.size()));
}

}  // namespace

absl::Status ForeignToken() {
  return InvalidField("page_token", "not a token that this list returned for the same request");
}

std::string MakePageToken(std::string_view query, std::string_view position) {
  return absl::WebSafeBase64Escape(
      absl::StrCat(std::string(1, kVersion), Checksum(query, position), Absl(position)));
}

std::string MakePageToken(std::string_view query, uint64_t position) {
  return MakePageToken(query, LittleEndian(position));
}

absl::StatusOr<std::string> ReadPageToken(std::string_view query, std::string_view token) {
  std::string bytes;
  if (token.size() > kMaxPageTokenBytes || !absl::WebSafeBase64Unescape(Absl(token), &bytes) ||
      bytes.size() < kHeaderBytes || bytes[0] != kVersion) {
    return ForeignToken();
  }
  std::string position = bytes.substr(kHeaderBytes);
  if (bytes.compare(1, 8, Checksum(query, position)) != 0) return ForeignToken();
  return position;
}

absl::StatusOr<uint64_t> ReadNumericPageToken(std::string_view query, std::string_view token) {
  const absl::StatusOr<std::string> position = ReadPageToken(query, token);
  if (!position.ok()) return position.status();
  if (position->size() != 8) return ForeignToken();
  uint64_t value = 0;
  for (size_t i = 0; i < 8; ++i) {
    value |= static_cast<uint64_t>(static_cast<unsigned char>((*position)[i])) << (8 * i);
  }
  return value;
}

absl::StatusOr<int> PageSize(int requested) {
  if (requested < 0) return InvalidField("page_size", "must not be negative");
  return requested == 0 ? kDefaultPageSize : std::min(requested, kMaxPageSize);
}

}  // namespace wonbon::server
