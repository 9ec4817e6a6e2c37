#include "client/import/timestamp.h"

#include <gtest/gtest.h>

namespace wonbon::client {
namespace {

TEST(TimestampTest, ReadsRfc3339AndWhatIsAsClear) {
  const struct {
    const char* text;
    const char* utc;
  } cases[] = {
      {"2025-08-20T11:05:55+09:00", "2025-08-20T02:05:55Z"},
      {"2025-08-20T02:05:55Z", "2025-08-20T02:05:55Z"},
      {"2025-08-20t02:05:55z", "2025-08-20T02:05:55Z"},
      {"2025-08-20 11:05:55+0900", "2025-08-20T02:05:55Z"},
      {"2025-08-20 11:05:55 +09:00", "2025-08-20T02:05:55Z"},
      {"2025-08-20T11:05+09:00", "2025-08-20T02:05:00Z"},
      {"2025-08-20T11:05:55.5+09:00", "2025-08-20T02:05:55.500Z"},
      {"2025-08-20T11:05:55.123456789123+09:00", "2025-08-20T02:05:55.123456789Z"},
      {"2024-02-29T23:59:60-00:30", "2024-03-01T00:30:00Z"},
      {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"},
      {"9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"},
      {"1969-12-31T23:59:59Z", "1969-12-31T23:59:59Z"},
  };
  for (const auto& c : cases) {
    const auto time = ParseTimestamp(c.text);
    ASSERT_TRUE(time.ok()) << c.text << ": " << time.status();
    EXPECT_EQ(FormatTimestamp(*time), c.utc) << c.text;
  }
}

TEST(TimestampTest, TurnsAwayWhatIsNotATime) {
  for (const char* text :
       {"yesterday", "2025-8-20T11:05:55Z", "2025-02-29T00:00:00Z", "2025-13-01T00:00:00Z",
        "2025-08-20T24:00:00Z", "2025-08-20T11:60:00Z", "2025-08-20T11:05:61Z",
        "2025-08-20T11:05:55+24:00", "2025-08-20T11:05:55Z and more", "2025-08-20T11:05:55.Z",
        "20250820110555", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+09:00",
        "9999-12-31T23:59:59-01:00"}) {
    EXPECT_EQ(ParseTimestamp(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

TEST(TimestampTest, ATimeWithoutAZoneIsNotGuessed) {
  for (const char* text : {"2025-08-20 11:05:55", "2025-08-20T11:05:55", "2025-08-20"}) {
    const auto time = ParseTimestamp(text);
    ASSERT_FALSE(time.ok()) << text;
    EXPECT_NE(time.status().message().find("no time zone"), absl::string_view::npos)
        << time.status();
  }
}

}  // namespace
}  // namespace wonbon::client
