// Page tokens: where the next page of a list begins. Opaque to clients, checksummed, and bound to
// the request they came from.
//
//   web-safe base64 of: version (1 byte, 0x01) | checksum (8 bytes, little-endian) | position
//
// The checksum is XXH3-64 over the name of the request's type, the request without page_size and
// page_token, and the position: a token of another list, of other parameters, or a damaged one does
// not match. It is no secret: a forged token reads what a list would have shown anyway.
// Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "google/protobuf/message.h"

namespace wonbon::server {

// The parameters of `request` that a token is bound to, as bytes.
template <class Request>
std::string PageQuery(const Request& request) {
  Request query = request;
  query.clear_page_size();
  query.clear_page_token();
  return query.GetTypeName() + '\0' + query.SerializeAsString();
}

std::string MakePageToken(std::string_view query, std::string_view position);
std::string MakePageToken(std::string_view query, uint64_t position);

// INVALID_ARGUMENT on the field page_token.
absl::StatusOr<std::string> ReadPageToken(std::string_view query, std::string_view token);
absl::StatusOr<uint64_t> ReadNumericPageToken(std::string_view query, std::string_view token);

// The error for a token that is none of this list's.
absl::Status ForeignToken();

// The page size to use: the default for 0, kMaxPageSize for more than that; INVALID_ARGUMENT on the
// field page_size where it is negative.
absl::StatusOr<int> PageSize(int requested);

// Where a page of a list that goes by names begins.
struct NamedPageStart {
  std::string query;
  std::string after;  // empty: at the first
  int size = 0;
};
template <class Request>
absl::StatusOr<NamedPageStart> NamedStartOf(const Request& request) {
  NamedPageStart start;
  const absl::StatusOr<int> size = PageSize(request.page_size());
  if (!size.ok()) return size.status();
  start.size = *size;
  start.query = PageQuery(request);
  if (request.page_token().empty()) return start;
  absl::StatusOr<std::string> position = ReadPageToken(start.query, request.page_token());
  if (!position.ok()) return position.status();
  start.after = *std::move(position);
  return start;
}

}  // namespace wonbon::server
