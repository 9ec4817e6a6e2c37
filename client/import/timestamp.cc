#include "client/import/timestamp.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <optional>

namespace wonbon::client {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Reads a text from the left; every step says whether it found what it wanted.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  // `least` to `most` digits.
  bool Number(int least, int most, int* value) {
    int count = 0;
    *value = 0;
    while (count < most && count < static_cast<int>(text_.size()) && IsDigit(text_[count])) {
      *value = *value * 10 + (text_[count++] - '0');
    }
    if (count < least) return false;
    text_.remove_prefix(count);
    return true;
  }
  bool OneOf(std::string_view choices) {
    if (text_.empty() || choices.find(text_.front()) == choices.npos) return false;
    text_.remove_prefix(1);
    return true;
  }
  bool Word(std::string_view word) {
    if (!text_.starts_with(word)) return false;
    text_.remove_prefix(word.size());
    return true;
  }
  // Letters, as many as there are.
  std::string_view Name() {
    size_t size = 0;
    while (size < text_.size() && IsLetter(text_[size])) ++size;
    const std::string_view name = text_.substr(0, size);
    text_.remove_prefix(size);
    return name;
  }
  void Spaces() {
    while (OneOf(" \t")) {
    }
  }
  // ".5" and so on, in nanoseconds; digits past the ninth are dropped.
  bool Fraction(int* nanos) {
    int scale = 100'000'000;
    size_t i = 0;
    *nanos = 0;
    for (; i < text_.size() && IsDigit(text_[i]); ++i, scale /= 10) {
      *nanos += (text_[i] - '0') * scale;
    }
    text_.remove_prefix(i);
    return i > 0;
  }
  bool AtEnd() const { return text_.empty(); }

 private:
  std::string_view text_;
};

struct Fields {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, nanos = 0;
  std::optional<int> offset_seconds;
};

// Names of zones that RFC 822 knows, and Korea's.
std::optional<int> OffsetOf(std::string_view name) {
  struct Zone {
    std::string_view name;
    int hours;
  };
  static constexpr Zone kZones[] = {{"Z", 0},    {"z", 0},    {"UT", 0},   {"UTC", 0},
                                    {"GMT", 0},  {"KST", 9},  {"JST", 9},  {"EST", -5},
                                    {"EDT", -4}, {"CST", -6}, {"CDT", -5}, {"MST", -7},
                                    {"MDT", -6}, {"PST", -8}, {"PDT", -7}};
  for (const Zone& zone : kZones) {
    if (zone.name == name) return zone.hours * 3'600;
  }
  return std::nullopt;
}

// "Z", "KST", "+09:00", "+0900", "+09", "UTC+9" - nothing else.
bool ScanOffset(Scanner& scan, Fields* fields) {
  if (const std::string_view name = scan.Name(); !name.empty()) {
    fields->offset_seconds = OffsetOf(name);
    if (!fields->offset_seconds.has_value()) return false;
    if (name != "UTC" && name != "GMT") return true;
  }
  const bool minus = scan.OneOf("-");
  if (!minus && !scan.OneOf("+")) return fields->offset_seconds.has_value();
  int hours = 0;
  int minutes = 0;
  if (!scan.Number(1, 2, &hours)) return false;
  scan.OneOf(":");
  if (!scan.AtEnd() && !scan.Number(2, 2, &minutes)) return false;
  if (hours > 23 || minutes > 59) return false;
  fields->offset_seconds = (minus ? -1 : 1) * (hours * 3'600 + minutes * 60);
  return true;
}

// "09:00", "9:00:30.5", "오전 9:00", "9시 5분 30초", "9:00 PM": then perhaps a zone, then the end.
bool ScanClock(Scanner& scan, Fields* fields) {
  const bool am = scan.Word("오전");
  const bool pm = !am && scan.Word("오후");
  scan.Spaces();
  if (!scan.Number(1, 2, &fields->hour)) return false;
  if (scan.Word("시")) {
    scan.Spaces();
    if (scan.Number(1, 2, &fields->minute) && !scan.Word("분")) return false;
    scan.Spaces();
    if (scan.Number(1, 2, &fields->second) && !scan.Word("초")) return false;
  } else {
    if (!scan.OneOf(":") || !scan.Number(2, 2, &fields->minute)) return false;
    if (scan.OneOf(":") && !scan.Number(2, 2, &fields->second)) return false;
    if (scan.OneOf(".,") && !scan.Fraction(&fields->nanos)) return false;
  }
  scan.Spaces();
  const bool before_noon = am || scan.Word("AM") || scan.Word("am");
  const bool after_noon = pm || scan.Word("PM") || scan.Word("pm");
  if ((before_noon || after_noon) && (fields->hour < 1 || fields->hour > 12)) return false;
  if (before_noon && fields->hour == 12) fields->hour = 0;
  if (after_noon && fields->hour < 12) fields->hour += 12;
  scan.Spaces();
  if (scan.AtEnd()) return true;
  return ScanOffset(scan, fields) && scan.AtEnd();
}

// "2025-04-15", "2025. 4. 15.", "2025/04/15", "2025년 4월 15일", then perhaps a time of day.
bool ScanCalendar(std::string_view text, Fields* fields) {
  Scanner scan(text);
  if (!scan.Number(4, 4, &fields->year)) return false;
  const auto separator = [&](std::string_view word) {
    const bool found = scan.OneOf("-./") || scan.Word(word);
    scan.Spaces();
    return found;
  };
  if (!separator("년") || !scan.Number(1, 2, &fields->month) || !separator("월") ||
      !scan.Number(1, 2, &fields->day)) {
    return false;
  }
  scan.Word("일");
  scan.OneOf(".");
  if (scan.AtEnd()) return true;
  if (!scan.OneOf("Tt")) scan.Spaces();
  return scan.AtEnd() || ScanClock(scan, fields);
}

// "Tue, 15 Apr 2025 09:00:00 +0900"
bool ScanRfc822(std::string_view text, Fields* fields) {
  static constexpr std::array<std::string_view, 12> kMonths = {
      "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
  Scanner scan(text);
  if (!scan.Name().empty()) {
    if (!scan.OneOf(",")) return false;
    scan.Spaces();
  }
  if (!scan.Number(1, 2, &fields->day)) return false;
  if (!scan.OneOf("-")) scan.Spaces();
  std::string month(scan.Name().substr(0, 3));
  std::transform(month.begin(), month.end(), month.begin(), [](char c) { return c | 0x20; });
  const auto found = std::find(kMonths.begin(), kMonths.end(), month);
  if (found == kMonths.end()) return false;
  fields->month = static_cast<int>(found - kMonths.begin()) + 1;
  if (!scan.OneOf("-")) scan.Spaces();
  if (!scan.Number(4, 4, &fields->year)) {
    // RFC 822 has two digits; RFC 2822 says which century.
    if (!scan.Number(2, 2, &fields->year)) return false;
    fields->year += fields->year < 50 ? 2000 : 1900;
  }
  scan.Spaces();
  return scan.AtEnd() || ScanClock(scan, fields);
}

// 20250415, 202504150900, 20250415090030: digits that are a date of these centuries.
bool ScanCompact(std::string_view digits, Fields* fields) {
  if (digits.size() != 8 && digits.size() != 12 && digits.size() != 14) return false;
  Scanner scan(digits);
  scan.Number(4, 4, &fields->year);
  scan.Number(2, 2, &fields->month);
  scan.Number(2, 2, &fields->day);
  if (digits.size() > 8) {
    scan.Number(2, 2, &fields->hour);
    scan.Number(2, 2, &fields->minute);
  }
  if (digits.size() == 14) scan.Number(2, 2, &fields->second);
  return fields->year >= 1900 && fields->year < 2100 && fields->month >= 1 &&
         fields->month <= 12 && fields->day >= 1 && fields->day <= 31 && fields->hour <= 23 &&
         fields->minute <= 59;
}

absl::Status Bad(std::string_view text, const char* why) {
  return absl::InvalidArgumentError("\"" + std::string(text.substr(0, 64)) + "\" " + why);
}

constexpr char kOutside[] = "is outside the years 1 to 9999 (UTC)";

absl::StatusOr<google::protobuf::Timestamp> At(std::string_view text, int64_t seconds, int nanos) {
  constexpr int64_t kYear1 = -62'135'596'800;
  constexpr int64_t kYear10000 = 253'402'300'800;
  if (seconds < kYear1 || seconds >= kYear10000) return Bad(text, kOutside);
  google::protobuf::Timestamp time;
  time.set_seconds(seconds);
  time.set_nanos(nanos);
  return time;
}

absl::StatusOr<ParsedTime> FromFields(std::string_view text, const Fields& f, absl::TimeZone zone) {
  const std::chrono::year_month_day date{std::chrono::year(f.year),
                                         std::chrono::month(static_cast<unsigned>(f.month)),
                                         std::chrono::day(static_cast<unsigned>(f.day))};
  // 60 is a leap second.
  if (!date.ok() || f.hour > 23 || f.minute > 59 || f.second > 60) {
    return Bad(text, "is not a time that exists");
  }
  if (f.year < 1) return Bad(text, kOutside);
  const int64_t local = std::chrono::sys_days(date).time_since_epoch().count() * int64_t{86'400} +
                        f.hour * 3'600 + f.minute * 60 + f.second;
  ParsedTime parsed{.time = {}, .zone_assumed = !f.offset_seconds.has_value()};
  int64_t offset = 0;
  if (f.offset_seconds.has_value()) {
    offset = *f.offset_seconds;
  } else {
    const absl::CivilSecond civil(f.year, f.month, f.day, f.hour, f.minute, f.second);
    offset = local - absl::ToUnixSeconds(absl::FromCivil(civil, zone));
  }
  absl::StatusOr<google::protobuf::Timestamp> time = At(text, local - offset, f.nanos);
  if (!time.ok()) return time.status();
  parsed.time = *std::move(time);
  return parsed;
}

// Seconds, with up to 10 digits and perhaps a fraction; milliseconds with 12 and 13.
absl::StatusOr<ParsedTime> FromEpoch(std::string_view text, std::string_view digits) {
  const bool minus = digits.front() == '-';
  if (minus) digits.remove_prefix(1);
  const size_t dot = std::min(digits.find('.'), digits.size());
  if (dot > 13 || (dot > 10 && dot < 12)) return Bad(text, kOutside);
  int nanos = 0;
  if (dot < digits.size()) {
    Scanner fraction(digits.substr(dot + 1));
    fraction.Fraction(&nanos);
  }
  const int64_t number = std::strtoll(std::string(digits.substr(0, dot)).c_str(), nullptr, 10);
  const int64_t per_second = dot > 10 ? 1'000 : 1;
  int64_t seconds = number / per_second;
  if (per_second > 1) nanos = static_cast<int>(number % per_second) * 1'000'000;
  if (minus) {
    seconds = nanos > 0 ? -seconds - 1 : -seconds;
    if (nanos > 0) nanos = 1'000'000'000 - nanos;
  }
  absl::StatusOr<google::protobuf::Timestamp> time = At(text, seconds, nanos);
  if (!time.ok()) return time.status();
  return ParsedTime{.time = *std::move(time), .zone_assumed = false};
}

bool IsNumber(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const size_t dot = std::min(text.find('.'), text.size());
  const std::string_view whole = text.substr(0, dot);
  const std::string_view fraction = dot < text.size() ? text.substr(dot + 1) : "0";
  return !whole.empty() && !fraction.empty() &&
         std::all_of(whole.begin(), whole.end(), IsDigit) &&
         std::all_of(fraction.begin(), fraction.end(), IsDigit);
}

}  // namespace

absl::StatusOr<ParsedTime> ParseTime(std::string_view text, absl::TimeZone zone) {
  const std::string_view whole = text;
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  if (IsNumber(text)) {
    Fields compact;
    if (ScanCompact(text, &compact)) return FromFields(whole, compact, zone);
    if (text.size() == 4) return Bad(whole, "is a year, or a moment of 1970: give the day as well");
    return FromEpoch(whole, text);
  }
  Fields calendar;
  if (ScanCalendar(text, &calendar)) return FromFields(whole, calendar, zone);
  Fields mail;
  if (ScanRfc822(text, &mail)) return FromFields(whole, mail, zone);
  return Bad(whole,
             "is not a time: write it as 2025-08-20T11:05:55+09:00, 2025.08.20 11:05, "
             "Wed, 20 Aug 2025 11:05:55 +0900, or as seconds since 1970");
}

absl::StatusOr<absl::TimeZone> ParseTimeZone(const std::string& name) {
  Fields fields;
  Scanner scan(name);
  if (ScanOffset(scan, &fields) && scan.AtEnd()) return absl::FixedTimeZone(*fields.offset_seconds);
  absl::TimeZone zone;
  if (!name.empty() && absl::LoadTimeZone(absl::string_view(name.data(), name.size()), &zone)) {
    return zone;
  }
  // Korea has had no summer time since 1988: right without the system's table of zones as well.
  if (name == "Asia/Seoul") return absl::FixedTimeZone(9 * 3'600);
  return absl::InvalidArgumentError("\"" + name +
                                    "\" is no time zone such as Asia/Seoul, UTC or +09:00");
}

std::string FormatTimestamp(const google::protobuf::Timestamp& time) {
  using std::chrono::days;
  using std::chrono::seconds;
  const std::chrono::sys_seconds at{seconds(time.seconds())};
  const auto day = std::chrono::floor<days>(at);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{at - day};
  char text[64];
  int n = std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d",
                        static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                        static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                        static_cast<int>(clock.minutes().count()),
                        static_cast<int>(clock.seconds().count()));
  std::string result(text, n);
  if (time.nanos() != 0) {
    n = std::snprintf(text, sizeof text, ".%09d", time.nanos());
    std::string fraction(text, n);
    while (fraction.ends_with("000")) fraction.resize(fraction.size() - 3);
    result += fraction;
  }
  return result + "Z";
}

}  // namespace wonbon::client
