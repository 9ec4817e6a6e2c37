#include "client/command/progress.h"

#include <algorithm>
#include <climits>
#include <cmath>
#include <cstdio>
#include <iterator>
#include <optional>
#include <vector>

#include "absl/time/clock.h"
#include "client/command/options.h"
#include "client/command/table.h"

namespace wonbon::client {
namespace {

// A shorter bar says nothing.
constexpr int kLeastBarCells = 8;
constexpr int kMostBarCells = 30;
// Shorter troubles (a busy server) are not worth a line.
constexpr absl::Duration kTroubleWorthTelling = absl::Milliseconds(700);

double Fraction(const ImportProgress& progress) {
  if (progress.bytes_total == 0) return 0;
  return std::min(1.0, static_cast<double>(progress.bytes_settled) /
                           static_cast<double>(progress.bytes_total));
}

// "[====>   ] "; nothing where there is no room.
std::string Bar(double fraction, int cells) {
  cells = std::min(cells, kMostBarCells);
  if (cells < kLeastBarCells) return "";
  const int full = static_cast<int>(std::lround(fraction * cells));
  std::string bar = "[";
  for (int i = 0; i < cells; ++i) bar += i < full ? '=' : i == full ? '>' : ' ';
  return bar + "] ";
}

std::string Format(const char* format, double number) {
  char text[64];
  std::snprintf(text, sizeof text, format, number);
  return text;
}

// Time that is left, by how fast this run has been.
std::optional<double> SecondsLeft(const ImportProgress& progress) {
  if (progress.bytes_settled <= progress.bytes_before || progress.bytes_total == 0) {
    return std::nullopt;
  }
  const auto done = static_cast<double>(progress.bytes_settled - progress.bytes_before);
  const uint64_t left =
      progress.bytes_total - std::min(progress.bytes_settled, progress.bytes_total);
  return progress.tally.seconds / done * static_cast<double>(left);
}

}  // namespace

std::string Grouped(uint64_t number) {
  std::string text = std::to_string(number);
  for (int i = static_cast<int>(text.size()) - 3; i > 0; i -= 3) text.insert(i, ",");
  return text;
}

std::string Counted(uint64_t number, const std::string& noun) {
  return Grouped(number) + " " + noun + (number == 1 ? "" : "s");
}

std::string BytesText(uint64_t bytes) {
  static constexpr const char* kUnits[] = {" B", " KB", " MB", " GB", " TB", " PB"};
  auto number = static_cast<double>(bytes);
  size_t unit = 0;
  while (number >= 999.5 && unit + 1 < std::size(kUnits)) {
    number /= 1000;
    ++unit;
  }
  return Format(unit > 0 && number < 99.95 ? "%.1f" : "%.0f", number) + kUnits[unit];
}

std::string ClockText(double seconds) {
  const auto whole = static_cast<long long>(seconds + 0.5);
  char text[64];
  if (whole >= 3600) {
    std::snprintf(text, sizeof text, "%lld:%02lld:%02lld", whole / 3600, whole / 60 % 60,
                  whole % 60);
  } else {
    std::snprintf(text, sizeof text, "%lld:%02lld", whole / 60, whole % 60);
  }
  return text;
}

std::string ProgressText(const ImportProgress& progress, int width) {
  const Tally& tally = progress.tally;
  // What goes first where there is no room: the last ones of these.
  struct Part {
    std::string text;
    int rank;
  };
  std::vector<Part> parts;
  const double fraction = Fraction(progress);
  if (progress.bytes_total > 0) {
    parts.push_back({Format("%.0f %%", std::floor(fraction * 100)), 1});
    parts.push_back(
        {BytesText(progress.bytes_settled) + " of " + BytesText(progress.bytes_total), 5});
  } else {
    parts.push_back({BytesText(progress.bytes_settled), 5});
  }
  parts.push_back({Grouped(tally.documents) + " docs", 0});
  parts.push_back({Grouped(static_cast<uint64_t>(tally.documents_per_second())) + "/s", 2});
  parts.push_back({Format("%.0f %% copies", tally.duplicate_share() * 100), 4});
  if (tally.rejected > 0) parts.push_back({Grouped(tally.rejected) + " rejected", 3});
  if (const std::optional<double> left = SecondsLeft(progress)) {
    parts.push_back({"ETA " + ClockText(*left), 3});
  } else {
    parts.push_back({ClockText(tally.seconds), 3});
  }
  std::string line;
  for (int rank = 5; rank >= 0; --rank) {
    line.clear();
    for (const Part& part : parts) {
      if (part.rank <= rank) line += (line.empty() ? "" : "  ") + part.text;
    }
    if (DisplayWidth(line) <= width) break;
  }
  return line;
}

void ProgressDisplay::Update(const ImportProgress& progress) {
  absl::MutexLock lock(&mutex_);
  const absl::Time now = absl::Now();
  const bool trouble =
      progress.trouble.has_value() && now - progress.trouble_since > kTroubleWorthTelling;
  // The last cell is left free: some terminals go to the next line behind it.
  const int width = options_.terminal ? options_.width - 1 : INT_MAX;
  std::string line = ProgressText(progress, width);
  if (trouble) {
    line = "waiting for " + options_.endpoint + " since " +
           std::to_string(absl::ToInt64Seconds(now - progress.trouble_since)) +
           " s: " + Reason(*progress.trouble);
  }
  if (options_.terminal) {
    const int room = width - DisplayWidth(line) - 3;  // "[", "] "
    if (!trouble && progress.bytes_total > 0) line = Bar(Fraction(progress), room) + line;
    ClearLocked();
    out_ << Clip(Printable(line), width) << std::flush;
    bar_shown_ = true;
    return;
  }
  // A change is told at once, the rest from time to time.
  if (trouble == trouble_told_ && now - last_line_ < options_.interval) return;
  if (!trouble && trouble_told_) line = "the server answers again: " + line;
  trouble_told_ = trouble;
  last_line_ = now;
  out_ << "wonbon: " << Printable(line) << std::endl;
}

void ProgressDisplay::Note(const std::string& text) {
  absl::MutexLock lock(&mutex_);
  ClearLocked();
  out_ << "wonbon: " << Printable(text) << std::endl;
}

void ProgressDisplay::Clear() {
  absl::MutexLock lock(&mutex_);
  ClearLocked();
}

void ProgressDisplay::ClearLocked() {
  if (bar_shown_) out_ << "\r\033[K" << std::flush;
  bar_shown_ = false;
}

}  // namespace wonbon::client
