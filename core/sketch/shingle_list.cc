#include "core/sketch/shingle_list.h"

#include <algorithm>

#include "absl/container/fixed_array.h"
#include "core/sketch/distinct_count.h"
#include "core/sketch/shingle_hash.h"

namespace wonbon {
namespace {

constexpr size_t kInlineUnits = 2048;  // 95 % of articles have at most 1,941 syllables

}  // namespace

ShingleHasher::ShingleHasher(const Seed& seed) : keys_(DeriveHashKeys(seed)) {}

ShingleList ShingleHasher::Hash(std::u16string_view units,
                                absl::Span<const uint32_t> sentence_ends) const {
  const size_t count = ShingleCount(units.size());
  absl::FixedArray<char16_t, kInlineUnits + kPadUnits> padded(units.size() + kPadUnits);
  std::copy(units.begin(), units.end(), padded.begin());
  std::fill(padded.begin() + units.size(), padded.end(), u'\0');
  ShingleList list;
  list.sentence_ends.assign(sentence_ends.begin(), sentence_ends.end());
  list.hashes.resize(count + kPadHashes);
  HashShingles(padded.data(), units.size(), keys_, list.hashes.data());
  list.hashes.resize(count);
  list.distinct =
      static_cast<uint32_t>(CountDistinctShingles(padded.data(), list.hashes.data(), count));
  return list;
}

}  // namespace wonbon
