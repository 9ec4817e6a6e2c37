#include "server/admin/readiness.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "server/log.h"

namespace wonbon::server {
namespace {

// 12345 -> "12,345".
std::string Grouped(uint64_t number) {
  std::string digits = std::to_string(number);
  for (size_t place = digits.size(); place > 3; place -= 3) digits.insert(place - 3, 1, ',');
  return digits;
}

}  // namespace

std::string Readiness::Progress() const {
  const uint64_t done = done_;
  // The store only estimates how many there are.
  return absl::StrCat("rebuilding index: ", Grouped(done), " of ",
                      Grouped(std::max(done, expected_.load())));
}

void Readiness::Heard(const absl::Status& status) {
  absl::MutexLock lock(&mutex_);
  if (heard_.ok() != status.ok()) {
    LogWarning(status.ok() ? "the gRPC port answers again"
                           : absl::StrCat("the gRPC port does not answer: ", status.message()));
  }
  heard_ = status;
}

HttpReply Readiness::WhileServing(const absl::Status& writable) const {
  const std::string remarks = remarks_();
  const std::string below = remarks.empty() ? "" : remarks + "\n";
  absl::MutexLock lock(&mutex_);
  if (!heard_.ok()) {
    return {.status = 503,
            .body = absl::StrCat("the gRPC port does not answer: ", heard_.message(), "\n", below)};
  }
  if (!writable.ok()) {
    return {.status = 503,
            .body = absl::StrCat(writable.message(), "\nreads are answered\n", below)};
  }
  return {.status = 200, .body = "ready\n" + below};
}

absl::Status Readiness::heard() const {
  absl::MutexLock lock(&mutex_);
  return heard_;
}

std::string Readiness::Trouble() const {
  switch (state_.load()) {
    case State::kReady: return "";
    case State::kDraining: return "shutting down";
    case State::kLoading: break;
  }
  return Progress();
}

HttpReply Readiness::Reply(const absl::Status& writable) const {
  const std::string trouble = Trouble();
  if (trouble.empty()) return WhileServing(writable);
  return {.status = 503, .body = trouble + "\n"};
}

}  // namespace wonbon::server
