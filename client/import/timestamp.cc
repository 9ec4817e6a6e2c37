#include "client/import/timestamp.h"

#include <chrono>
#include <cstdio>

namespace wonbon::client {
namespace {

// Reads a text from the left; every step says whether it found what it wanted.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  // Exactly `count` digits.
  bool Digits(int count, int* value) {
    if (text_.size() < static_cast<size_t>(count)) return false;
    *value = 0;
    for (int i = 0; i < count; ++i) {
      if (text_[i] < '0' || text_[i] > '9') return false;
      *value = *value * 10 + (text_[i] - '0');
    }
    text_.remove_prefix(count);
    return true;
  }
  bool OneOf(std::string_view choices) {
    if (text_.empty() || choices.find(text_.front()) == choices.npos) return false;
    text_.remove_prefix(1);
    return true;
  }
  // ".5" and so on, in nanoseconds.
  bool Fraction(int* nanos) {
    int scale = 100'000'000;
    size_t i = 0;
    *nanos = 0;
    for (; i < text_.size() && text_[i] >= '0' && text_[i] <= '9'; ++i, scale /= 10) {
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
  int offset_seconds = 0;
  bool has_offset = false;
};

bool ScanOffset(Scanner& scan, Fields* fields) {
  if (scan.OneOf("Zz")) {
    fields->has_offset = true;
    return true;
  }
  const bool minus = scan.OneOf("-");
  if (!minus && !scan.OneOf("+")) return false;
  int hours = 0;
  int minutes = 0;
  if (!scan.Digits(2, &hours)) return false;
  scan.OneOf(":");
  if (!scan.Digits(2, &minutes) || hours > 23 || minutes > 59) return false;
  fields->has_offset = true;
  fields->offset_seconds = (minus ? -1 : 1) * (hours * 3600 + minutes * 60);
  return true;
}

// False where it is not a time. A date alone, and a time without an offset, are times.
bool Scan(std::string_view text, Fields* fields) {
  Scanner scan(text);
  if (!scan.Digits(4, &fields->year) || !scan.OneOf("-") || !scan.Digits(2, &fields->month) ||
      !scan.OneOf("-") || !scan.Digits(2, &fields->day)) {
    return false;
  }
  if (scan.AtEnd()) return true;
  if (!scan.OneOf("Tt ") || !scan.Digits(2, &fields->hour) || !scan.OneOf(":") ||
      !scan.Digits(2, &fields->minute)) {
    return false;
  }
  if (scan.OneOf(":")) {
    if (!scan.Digits(2, &fields->second)) return false;
    if (scan.OneOf(".,") && !scan.Fraction(&fields->nanos)) return false;
  }
  if (scan.AtEnd()) return true;
  scan.OneOf(" ");
  return ScanOffset(scan, fields) && scan.AtEnd();
}

absl::Status Bad(std::string_view text, const char* why) {
  return absl::InvalidArgumentError("\"" + std::string(text.substr(0, 64)) + "\" " + why);
}

}  // namespace

absl::StatusOr<google::protobuf::Timestamp> ParseTimestamp(std::string_view text) {
  Fields f;
  if (!Scan(text, &f)) {
    return Bad(text, "is not a time such as 2025-08-20T11:05:55+09:00 (RFC 3339)");
  }
  const std::chrono::year_month_day date{std::chrono::year(f.year),
                                         std::chrono::month(static_cast<unsigned>(f.month)),
                                         std::chrono::day(static_cast<unsigned>(f.day))};
  // 60 is a leap second.
  if (!date.ok() || f.hour > 23 || f.minute > 59 || f.second > 60) {
    return Bad(text, "is not a time that exists");
  }
  if (!f.has_offset) {
    return Bad(text, "has no time zone: write it with +09:00 (Korea) or Z (UTC)");
  }
  const int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  const int64_t seconds =
      days * 86'400 + f.hour * 3'600 + f.minute * 60 + f.second - f.offset_seconds;
  constexpr int64_t kYear1 = -62'135'596'800;
  constexpr int64_t kYear10000 = 253'402'300'800;
  if (seconds < kYear1 || seconds >= kYear10000) {
    return Bad(text, "is outside the years 1 to 9999 (UTC)");
  }
  google::protobuf::Timestamp time;
  time.set_seconds(seconds);
  time.set_nanos(f.nanos);
  return time;
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
