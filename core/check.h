// Checks for our own bugs: what must hold whatever a client sends and whatever the disk holds. A
// failed check names the place on stderr and aborts, in every build.
//
// Decision: our own few lines. abseil 20220623 has no public CHECK (ABSL_RAW_LOG(FATAL) and
// ABSL_INTERNAL_CHECK are internal and may go), assert() is compiled out where it matters, and an
// exception of .at() unwinds through a half-applied change, or ends a thread without saying where.
// For what the world does wrong there is absl::Status.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <utility>

#include "absl/base/optimization.h"

namespace wonbon {

[[noreturn]] inline void CheckFailed(const char* what, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: check failed: %s\n", file, line, what);
  std::abort();
}

// What `pointer` points to, which must be there.
template <typename T>
T& CheckNotNull(T* pointer, const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  if (ABSL_PREDICT_FALSE(pointer == nullptr)) CheckFailed("a record is there", file, line);
  return *pointer;
}

// The value of an optional, which must have one.
template <typename T>
T CheckNotNull(std::optional<T> value, const char* file = __builtin_FILE(),
               int line = __builtin_LINE()) {
  if (ABSL_PREDICT_FALSE(!value.has_value())) CheckFailed("a record is there", file, line);
  return *std::move(value);
}

// The value of a key that must be in `map`.
template <typename Map, typename Key>
auto& CheckAt(Map& map, const Key& key, const char* file = __builtin_FILE(),
              int line = __builtin_LINE()) {
  const auto found = map.find(key);
  if (ABSL_PREDICT_FALSE(found == map.end())) CheckFailed("a key is in the map", file, line);
  return found->second;
}

}  // namespace wonbon

#define WONBON_CHECK(condition)                                             \
  (ABSL_PREDICT_TRUE(condition) ? static_cast<void>(0)                      \
                                : ::wonbon::CheckFailed(#condition, __FILE__, __LINE__))
