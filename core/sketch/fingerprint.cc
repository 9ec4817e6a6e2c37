#include "core/sketch/fingerprint.h"

#include <utility>

#include "core/sketch/sample.h"
#include "core/sketch/shingle_hash.h"
#include "core/sketch/similarity_sketch.h"

namespace wonbon {
namespace {

// Short texts are forms ("인사", "부고"), notices and captions stand under any headline: copies only
// under the same one. Both keys look random, so that one added to the other hides neither.
absl::uint128 ExactKey(const Identity& identity, bool with_headline) {
  return with_headline ? identity.text + MixBits(identity.headline) : identity.text;
}

}  // namespace

Fingerprint MakeFingerprint(const ShingleList& shingles, const Identity& identity,
                            bool with_headline) {
  Fingerprint result;
  result.url_key = identity.article_url;
  result.shingles = shingles.distinct;
  result.exact_key = ExactKey(identity, result.is_short() || with_headline);
  if (result.is_short()) return result;
  result.sketch = CutTo8Bits(FillBins(shingles.hashes.data(), shingles.hashes.size()));
  Sample sample = TakeSample(shingles);
  result.sample = std::move(sample.posted);
  result.asked = std::move(sample.asked);
  result.asks_all = sample.asks_all;
  return result;
}

}  // namespace wonbon
