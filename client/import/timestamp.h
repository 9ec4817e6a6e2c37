// Times as article lines have them.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "google/protobuf/timestamp.pb.h"

namespace wonbon::client {

// RFC 3339, "2025-08-20T11:05:55+09:00" or "…Z", years 1 to 9999. Also with a space for the T, with
// an offset without its colon, without seconds, and with more digits of a second than nine, which
// are dropped. A time without an offset is INVALID_ARGUMENT: it could be Korean time or UTC.
absl::StatusOr<google::protobuf::Timestamp> ParseTimestamp(std::string_view text);

// RFC 3339 in UTC, with as many digits of a second as are needed.
std::string FormatTimestamp(const google::protobuf::Timestamp& time);

}  // namespace wonbon::client
