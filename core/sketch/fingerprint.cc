#include "core/sketch/fingerprint.h"

#include <xxhash.h>

#include <algorithm>
#include <bit>
#include <string>

#include "absl/container/fixed_array.h"
#include "core/limits.h"
#include "core/sketch/distinct_count.h"
#include "core/sketch/sample.h"
#include "core/sketch/shingle_hash.h"
#include "core/sketch/similarity_sketch.h"
#include "core/sketch/url_key.h"

namespace wonbon {
namespace {

// XXH3 reads the units as bytes. All we run on (x86-64, AArch64) is little-endian.
static_assert(std::endian::native == std::endian::little);

constexpr size_t kInlineUnits = 2048;  // 95 % of articles have at most 1,941 syllables

absl::uint128 TextKey(std::u16string_view units, const HashKeys& keys) {
  const XXH128_hash_t hash = XXH3_128bits_withSecret(units.data(), units.size() * sizeof(char16_t),
                                                     keys.secret.data(), keys.secret.size());
  return absl::MakeUint128(hash.high64, hash.low64);
}

// Short texts are forms ("인사", "부고"): copies only under the same headline. NUL is no letter, so
// no text has it.
absl::uint128 ShortTextKey(std::u16string_view units, std::u16string_view title_units,
                           const HashKeys& keys) {
  std::u16string both(units);
  both += u'\0';
  both += title_units;
  return TextKey(both, keys);
}

uint64_t UrlKey(std::string_view publisher, std::string_view url, const HashKeys& keys) {
  if (url.empty()) return 0;
  const std::string folded_url = FoldUrl(url);
  if (folded_url.empty()) return 0;
  const std::string both = FoldPublisher(publisher) + '\0' + folded_url;
  const uint64_t key =
      XXH3_64bits_withSecret(both.data(), both.size(), keys.secret.data(), keys.secret.size());
  return std::max<uint64_t>(key, 1);  // 0 says "no url"
}

}  // namespace

bool Fingerprint::is_short() const { return shingles < kMinShingles; }

Sketcher::Sketcher(const Seed& seed) : keys_(DeriveHashKeys(seed)) {}

Fingerprint Sketcher::Make(std::u16string_view units, std::u16string_view title_units,
                           std::string_view publisher, std::string_view url) const {
  const size_t count = ShingleCount(units.size());
  absl::FixedArray<char16_t, kInlineUnits + kPadUnits> padded(units.size() + kPadUnits);
  std::copy(units.begin(), units.end(), padded.begin());
  std::fill(padded.begin() + units.size(), padded.end(), u'\0');
  absl::FixedArray<uint64_t, kInlineUnits + kPadHashes> hashes(count + kPadHashes);
  HashShingles(padded.data(), units.size(), keys_, hashes.data());

  Fingerprint result;
  result.url_key = UrlKey(publisher, url, keys_);
  result.shingles =
      static_cast<uint32_t>(CountDistinctShingles(padded.data(), hashes.data(), count));
  if (result.is_short()) {
    result.text_key = ShortTextKey(units, title_units, keys_);
    return result;
  }
  result.text_key = TextKey(units, keys_);
  result.sketch = CutTo8Bits(FillBins(hashes.data(), count));
  result.sample = TakeSample(hashes.data(), count);
  return result;
}

}  // namespace wonbon
