#include "client/import/timestamp.h"

#include <gtest/gtest.h>

namespace wonbon::client {
namespace {

const absl::TimeZone kKorea = absl::FixedTimeZone(9 * 3'600);

struct Case {
  const char* text;
  const char* utc;
};

void ExpectTimes(std::initializer_list<Case> cases, bool zone_assumed) {
  for (const Case& c : cases) {
    const auto parsed = ParseTime(c.text, kKorea);
    ASSERT_TRUE(parsed.ok()) << c.text << ": " << parsed.status();
    EXPECT_EQ(FormatTimestamp(parsed->time), c.utc) << c.text;
    EXPECT_EQ(parsed->zone_assumed, zone_assumed) << c.text;
  }
}

TEST(TimestampTest, ReadsRfc3339AndWhatIsAsClear) {
  ExpectTimes({{"2025-08-20T11:05:55+09:00", "2025-08-20T02:05:55Z"},
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
               {"1969-12-31T23:59:59Z", "1969-12-31T23:59:59Z"}},
              /*zone_assumed=*/false);
}

TEST(TimestampTest, ReadsWhatKoreanArchivesWriteInTheGivenZone) {
  ExpectTimes({{"2025-04-15", "2025-04-14T15:00:00Z"},
               {"2025.04.15 09:00", "2025-04-15T00:00:00Z"},
               {"2025.4.5", "2025-04-04T15:00:00Z"},
               {"2025/04/15 09:00:30", "2025-04-15T00:00:30Z"},
               {"2025-04-15T09:00:30.25", "2025-04-15T00:00:30.250Z"},
               {"2025. 4. 15. 오전 9:00", "2025-04-15T00:00:00Z"},
               {"2025. 4. 15. 오후 9:05", "2025-04-15T12:05:00Z"},
               {"2025-04-15 12:30 AM", "2025-04-14T15:30:00Z"},
               {"2025년 4월 15일", "2025-04-14T15:00:00Z"},
               {"2025년 4월 15일 9시 5분", "2025-04-15T00:05:00Z"},
               {"20250415", "2025-04-14T15:00:00Z"},
               {"202504150930", "2025-04-15T00:30:00Z"},
               {" 20250415093007 ", "2025-04-15T00:30:07Z"}},
              /*zone_assumed=*/true);
}

TEST(TimestampTest, ReadsTheTimesOfMailAndFeeds) {
  ExpectTimes({{"Tue, 15 Apr 2025 09:00:00 +0900", "2025-04-15T00:00:00Z"},
               {"15 Apr 2025 00:00:00 GMT", "2025-04-15T00:00:00Z"},
               {"Tue, 15 Apr 25 09:00 KST", "2025-04-15T00:00:00Z"},
               {"Tue, 5 Apr 1994 09:00:00 -0500", "1994-04-05T14:00:00Z"}},
              /*zone_assumed=*/false);
  ExpectTimes({{"Tue, 15 Apr 2025 09:00:00", "2025-04-15T00:00:00Z"}}, /*zone_assumed=*/true);
}

TEST(TimestampTest, ReadsSecondsAndMillisecondsSince1970) {
  ExpectTimes({{"1744675200", "2025-04-15T00:00:00Z"},
               {"1744675200123", "2025-04-15T00:00:00.123Z"},
               {"1744675200.5", "2025-04-15T00:00:00.500Z"},
               {"999999999", "2001-09-09T01:46:39Z"},
               {"0", "1970-01-01T00:00:00Z"},
               {"-1", "1969-12-31T23:59:59Z"}},
              /*zone_assumed=*/false);
}

TEST(TimestampTest, TurnsAwayWhatIsNotATime) {
  for (const char* text :
       {"yesterday", "2025-02-29T00:00:00Z", "2025-13-01T00:00:00Z", "2025-08-20T24:00:00Z",
        "2025-08-20T11:60:00Z", "2025-08-20T11:05:61Z", "2025-08-20T11:05:55+24:00",
        "2025-08-20T11:05:55Z and more", "2025-08-20T11:05:55.Z", "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+09:00", "9999-12-31T23:59:59-01:00", "15 Foo 2025", "2025", "2025-04",
        "17446752001", "99999999999999999999", "2025-04-15 13:00 PM", "", "2025.04.15 09:00 XYZ"}) {
    EXPECT_EQ(ParseTime(text, kKorea).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

TEST(TimestampTest, ZonesHaveNamesOrOffsets) {
  for (const char* name : {"Asia/Seoul", "+09:00", "KST"}) {
    const auto zone = ParseTimeZone(name);
    ASSERT_TRUE(zone.ok()) << name;
    EXPECT_EQ(FormatTimestamp(ParseTime("2025-04-15 09:00", *zone)->time), "2025-04-15T00:00:00Z");
  }
  for (const char* name : {"", "Seoul", "+25:00", "09:00"}) {
    EXPECT_FALSE(ParseTimeZone(name).ok()) << name;
  }
}

}  // namespace
}  // namespace wonbon::client
