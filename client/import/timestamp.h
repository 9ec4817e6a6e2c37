// Times as article lines have them.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"

namespace wonbon::client {

struct ParsedTime {
  google::protobuf::Timestamp time;
  bool zone_assumed = false;  // the text names none: `zone` was taken
};

// The forms that feeds and archives use, years 1 to 9999:
//   RFC 3339       2025-08-20T11:05:55+09:00, with a space for the T, without seconds, ...
//   calendar       2025.04.15 09:00, 2025/4/15, 2025-04-15 09:00:30, 2025. 4. 15. 오전 9:00,
//                  2025년 4월 15일 9시 5분, 20250415, 20250415090030; a date alone is its midnight
//   RFC 822        Tue, 15 Apr 2025 09:00:00 +0900, ... GMT, ... KST
//   epoch          1744675200 (seconds), 1744675200000 (milliseconds)
// `zone` is for those that name no time zone. INVALID_ARGUMENT: what is wrong, for the author.
absl::StatusOr<ParsedTime> ParseTime(std::string_view text, absl::TimeZone zone);

// "Asia/Seoul", "UTC", "+09:00". INVALID_ARGUMENT for any other.
absl::StatusOr<absl::TimeZone> ParseTimeZone(const std::string& name);

// RFC 3339 in UTC, with as many digits of a second as are needed.
std::string FormatTimestamp(const google::protobuf::Timestamp& time);

}  // namespace wonbon::client
