// Random numbers that are the same on every platform: splitmix64 and integer arithmetic only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace wonbon::corpus {

// Not thread-safe. Steele, Lea, Flood: "Fast Splittable Pseudorandom Number Generators" (OOPSLA
// 2014), with the constants of Vigna's splitmix64.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t Next() {
    uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

  // 0 to bound - 1. REQUIRES: bound > 0. Its bias, bound / 2^32, does not matter here.
  uint32_t Below(size_t bound) {
    return static_cast<uint32_t>(((Next() >> 32) * static_cast<uint64_t>(bound)) >> 32);
  }
  // low to high, both included.
  int Between(int low, int high) {
    return low + static_cast<int>(Below(static_cast<size_t>(high - low + 1)));
  }
  // True in `percent` of 100 calls.
  bool Chance(int percent) { return static_cast<int>(Below(100)) < percent; }

  template <typename Container>
  const auto& Pick(const Container& container) {
    return container[Below(std::size(container))];
  }

  template <typename T>
  void Shuffle(std::vector<T>& items) {
    for (size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[Below(i)]);
  }

  // A generator of its own for part `part` of what this one makes.
  Random Fork(uint64_t part) const {
    return Random(Random(state_ ^ (part * 0xd1342543de82ef95)).Next());
  }

 private:
  uint64_t state_;
};

}  // namespace wonbon::corpus
