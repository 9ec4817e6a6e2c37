// A number of bytes that calls draw from and give back: bounds the memory of requests in flight.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

namespace wonbon::server {

// Thread-safe.
class ByteBudget {
 public:
  // Bytes that were drawn; given back when this is destroyed. Empty where nothing was drawn.
  class Share {
   public:
    Share() = default;
    Share(Share&& other) noexcept
        : budget_(std::exchange(other.budget_, nullptr)),
          bytes_(std::exchange(other.bytes_, 0)),
          owner_(std::move(other.owner_)) {}
    Share& operator=(Share&& other) noexcept {
      std::swap(budget_, other.budget_);
      std::swap(bytes_, other.bytes_);
      std::swap(owner_, other.owner_);
      return *this;
    }
    ~Share() {
      if (budget_ != nullptr) budget_->GiveBack(bytes_);
    }
    explicit operator bool() const { return budget_ != nullptr; }
    // From now on this many, whatever the limit says: for what is there already.
    void Resize(size_t bytes) {
      if (budget_ == nullptr) return;
      budget_->Take(bytes);
      budget_->GiveBack(std::exchange(bytes_, bytes));
    }

   private:
    friend class ByteBudget;
    Share(ByteBudget* budget, size_t bytes, std::shared_ptr<const void> owner)
        : budget_(budget), bytes_(bytes), owner_(std::move(owner)) {}

    ByteBudget* budget_ = nullptr;
    size_t bytes_ = 0;
    std::shared_ptr<const void> owner_;
  };

  // What is drawn is drawn from `whole` as well, of which this is a part that may not be passed.
  explicit ByteBudget(size_t limit, ByteBudget* whole = nullptr) : limit_(limit), whole_(whole) {}

  // Empty where the limit would be passed, or the whole's. `owner`: of this budget, kept alive by
  // the share.
  Share Draw(size_t bytes, std::shared_ptr<const void> owner = nullptr) {
    if (!TryTake(bytes)) return {};
    return {this, bytes, std::move(owner)};
  }
  size_t used() const { return used_.load(std::memory_order_relaxed); }
  bool HasRoomFor(size_t bytes) const { return used() + bytes <= limit_; }

 private:
  bool TryTake(size_t bytes) {
    if (used_.fetch_add(bytes, std::memory_order_relaxed) + bytes <= limit_ &&
        (whole_ == nullptr || whole_->TryTake(bytes))) {
      return true;
    }
    used_.fetch_sub(bytes, std::memory_order_relaxed);
    return false;
  }
  void Take(size_t bytes) {
    used_.fetch_add(bytes, std::memory_order_relaxed);
    if (whole_ != nullptr) whole_->Take(bytes);
  }
  void GiveBack(size_t bytes) {
    used_.fetch_sub(bytes, std::memory_order_relaxed);
    if (whole_ != nullptr) whole_->GiveBack(bytes);
  }

  const size_t limit_;
  ByteBudget* const whole_;
  std::atomic<size_t> used_{0};
};

}  // namespace wonbon::server
