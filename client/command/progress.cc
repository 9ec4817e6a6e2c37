#include "client/command/progress.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "absl/time/clock.h"
#include "client/command/options.h"
#include "client/command/table.h"

namespace wonbon::client {
namespace {

constexpr int kBarCells = 24;
// Shorter troubles (a busy server) are not worth a line.
constexpr absl::Duration kTroubleWorthTelling = absl::Milliseconds(700);

double Fraction(const ImportProgress& progress) {
  if (progress.bytes_total == 0) return 0;
  return std::min(
      1.0, static_cast<double>(progress.bytes_read) / static_cast<double>(progress.bytes_total));
}

std::string Bar(double fraction) {
  const int full = static_cast<int>(std::lround(fraction * kBarCells));
  std::string bar = "[";
  for (int i = 0; i < kBarCells; ++i) bar += i < full ? '=' : i == full ? '>' : ' ';
  return bar + "] ";
}

}  // namespace

std::string Grouped(uint64_t number) {
  std::string text = std::to_string(number);
  for (int i = static_cast<int>(text.size()) - 3; i > 0; i -= 3) text.insert(i, ",");
  return text;
}

std::string ProgressText(const ImportProgress& progress) {
  const Tally& tally = progress.tally;
  char text[160];
  std::snprintf(text, sizeof text, " documents  %s/s  %.0f %% copies",
                Grouped(static_cast<uint64_t>(tally.documents_per_second())).c_str(),
                tally.duplicate_share() * 100);
  std::string line = Grouped(tally.documents) + text;
  if (tally.rejected > 0) line += "  " + Grouped(tally.rejected) + " rejected";
  const double fraction = Fraction(progress);
  if (fraction > 0) {
    const auto eta = static_cast<int64_t>(tally.seconds / fraction * (1 - fraction) + 0.5);
    std::snprintf(text, sizeof text, "  %.0f %%  ETA %lld:%02lld", fraction * 100,
                  static_cast<long long>(eta / 60), static_cast<long long>(eta % 60));
    line += text;
  }
  return line;
}

void ProgressDisplay::Update(const ImportProgress& progress) {
  absl::MutexLock lock(&mutex_);
  const absl::Time now = absl::Now();
  const bool trouble =
      progress.trouble.has_value() && now - progress.trouble_since > kTroubleWorthTelling;
  std::string line = ProgressText(progress);
  if (trouble) {
    line = "waiting for " + options_.endpoint + " since " +
           std::to_string(absl::ToInt64Seconds(now - progress.trouble_since)) +
           " s: " + Reason(*progress.trouble);
  }
  if (options_.terminal) {
    if (!trouble && progress.bytes_total > 0) line = Bar(Fraction(progress)) + line;
    ClearLocked();
    out_ << Clip(Printable(line), options_.width - 1) << std::flush;
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
