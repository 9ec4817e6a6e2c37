// Changes as bytes, behind a checksum that is put right here: refused, or a change that reads back
// as it was written.
#include <cstring>
#include <string>

#include "core/store/change_codec.h"
#include "tests/fuzz/fuzz.h"
#include "xxhash.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace wonbon;  // NOLINT: one function, one file
  constexpr size_t kHead = 9;  // version, checksum
  std::string bytes(reinterpret_cast<const char*>(data), size);
  DecodeChange(bytes).status().IgnoreError();
  if (size < kHead) return 0;
  const uint64_t checksum = XXH3_64bits(bytes.data() + kHead, bytes.size() - kHead);
  std::memcpy(&bytes[1], &checksum, sizeof checksum);
  const absl::StatusOr<Change> change = DecodeChange(bytes);
  if (!change.ok()) return 0;
  const std::string once = EncodeChange(*change);
  const absl::StatusOr<Change> again = DecodeChange(once);
  FUZZ_PROMISE(again.ok());
  FUZZ_PROMISE(EncodeChange(*again) == once);
  return 0;
}
