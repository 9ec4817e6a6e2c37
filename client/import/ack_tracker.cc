#include "client/import/ack_tracker.h"

namespace wonbon::client {

void AckTracker::StartAt(LinePosition start) {
  absl::MutexLock lock(&mutex_);
  settled_ = start;
}

uint64_t AckTracker::Add(LinePosition end) {
  absl::MutexLock lock(&mutex_);
  entries_.push_back({.end = end});
  return first_ticket_ + entries_.size() - 1;
}

void AckTracker::Settle(uint64_t ticket) {
  absl::MutexLock lock(&mutex_);
  entries_[ticket - first_ticket_].settled = true;
  while (!entries_.empty() && entries_.front().settled) {
    settled_ = entries_.front().end;
    entries_.pop_front();
    ++first_ticket_;
  }
}

uint64_t AckTracker::LineOf(uint64_t ticket) const {
  absl::MutexLock lock(&mutex_);
  return entries_[ticket - first_ticket_].end.line;
}

LinePosition AckTracker::Settled() const {
  absl::MutexLock lock(&mutex_);
  return settled_;
}

LinePosition AckTracker::Entered() const {
  absl::MutexLock lock(&mutex_);
  return entries_.empty() ? settled_ : entries_.back().end;
}

}  // namespace wonbon::client
