#include "client/command/since.h"

#include <cstdint>

#include "absl/time/clock.h"
#include "client/import/timestamp.h"

namespace wonbon::client {

absl::StatusOr<absl::Time> ParseSince(const std::string& text) {
  absl::Duration ago;
  if (absl::ParseDuration(text, &ago) && ago >= absl::ZeroDuration()) return absl::Now() - ago;
  const absl::StatusOr<absl::TimeZone> zone = ParseTimeZone("Asia/Seoul");
  if (!zone.ok()) return zone.status();
  const absl::StatusOr<ParsedTime> parsed = ParseTime(text, *zone);
  if (!parsed.ok()) {
    return absl::InvalidArgumentError("\"" + text +
                                      "\" is neither a duration such as 24h nor a time such as "
                                      "2025-04-15 09:00");
  }
  return absl::FromUnixSeconds(parsed->time.seconds()) +
         absl::Nanoseconds(parsed->time.nanos());
}

CLI::Validator SinceValidator() {
  return CLI::Validator(
      [](const std::string& text) { return std::string(ParseSince(text).status().message()); },
      "AGO|TIME");
}

google::protobuf::Timestamp ToTimestamp(absl::Time time) {
  const int64_t seconds = absl::ToUnixSeconds(time);
  google::protobuf::Timestamp timestamp;
  timestamp.set_seconds(seconds);
  timestamp.set_nanos(static_cast<int32_t>(
      absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
  return timestamp;
}

}  // namespace wonbon::client
