// What the fuzz targets share: a promise about a result, checked in every build, and bytes as typed
// values. Each target is one file with one entry point, LLVMFuzzerTestOneInput.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/check.h"

// A promise of the function under test. What breaks it is what the fuzzer looks for.
#define FUZZ_PROMISE(condition) WONBON_CHECK(condition)

namespace wonbon::fuzz {

// An input, taken from its front.
class Input {
 public:
  Input(const uint8_t* data, size_t size) : bytes_(reinterpret_cast<const char*>(data), size) {}

  bool empty() const { return bytes_.empty(); }
  uint8_t Byte() {
    if (bytes_.empty()) return 0;
    const auto byte = static_cast<uint8_t>(bytes_.front());
    bytes_.remove_prefix(1);
    return byte;
  }
  std::string_view Rest() const { return bytes_; }

 private:
  std::string_view bytes_;
};

}  // namespace wonbon::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);
