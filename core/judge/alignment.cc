#include "core/judge/alignment.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include "core/sketch/fingerprint.h"

namespace wonbon {
namespace {

constexpr std::array<double, 256> MakeWeights() {
  std::array<double, 256> out{};
  for (int i = 0; i < 256; ++i) out[i] = i <= 2 ? 1.0 : 4.0 / (i + 2);
  return out;
}
constexpr std::array<double, 256> kWeights = MakeWeights();

// Entries between asking for a counter and reading it.
constexpr size_t kAhead = 8;

uint32_t Hash(uint64_t shingle) { return static_cast<uint32_t>(shingle >> 32); }
uint32_t Position(uint64_t shingle) { return static_cast<uint32_t>(shingle); }

// Past the entries with the hash of the one at `at`.
size_t EndOfEqualHashes(const std::vector<uint64_t>& shingles, size_t at) {
  size_t end = at + 1;
  while (end < shingles.size() && Hash(shingles[end]) == Hash(shingles[at])) ++end;
  return end;
}

void Cover(std::vector<uint8_t>& covered, uint64_t shingle) {
  std::fill_n(covered.begin() + Position(shingle), kShingleUnits, uint8_t{1});
}

// Where one hash stands in the lists of both texts.
struct Match {
  uint32_t a, b;
};

// Looks for equal hashes in a part of two ascending lists. A step decides nothing by a jump: what
// comes next is as good as random.
struct Merge {
  uint32_t i, end_i, j, end_j;
  Match* out;  // behind the last match; one more may be written than there are

  // Steps that can be made without asking for an end.
  uint32_t steps() const { return std::min(end_i - i, end_j - j); }
  void Step(const std::vector<uint64_t>& a, const std::vector<uint64_t>& b) {
    const uint32_t hash_a = Hash(a[i]), hash_b = Hash(b[j]);
    *out = {i, j};
    out += hash_a == hash_b;
    i += hash_a <= hash_b;
    j += hash_b <= hash_a;
  }
};

constexpr uint64_t kMiddleHash = uint64_t{1} << 63;

// Calls `found` for each match of two ascending lists, in order; for those of hashes that come
// several times as often as in the list with fewer of them. The halves are merged side by side: a
// step waits for the one before it, not for those of the other half.
template <typename Found>
void FindMatches(const std::vector<uint64_t>& a, const std::vector<uint64_t>& b, Found found) {
  const auto split = [](const std::vector<uint64_t>& shingles) {
    return static_cast<uint32_t>(std::lower_bound(shingles.begin(), shingles.end(), kMiddleHash) -
                                 shingles.begin());
  };
  const uint32_t split_a = split(a), split_b = split(b);
  const auto matches = std::make_unique_for_overwrite<Match[]>(a.size() + 2);
  Match* const of_upper = matches.get() + split_a + 1;
  Merge lower{0, split_a, 0, split_b, matches.get()};
  Merge upper{split_a, static_cast<uint32_t>(a.size()), split_b, static_cast<uint32_t>(b.size()),
              of_upper};
  while (uint32_t steps = std::min(lower.steps(), upper.steps())) {
    for (; steps > 0; --steps) {
      lower.Step(a, b);
      upper.Step(a, b);
    }
  }
  while (lower.steps() > 0) lower.Step(a, b);
  while (upper.steps() > 0) upper.Step(a, b);
  for (const Match* match = matches.get(); match < lower.out; ++match) found(*match);
  for (const Match* match = of_upper; match < upper.out; ++match) found(*match);
}

// Other text that may stand between two passages of one piece: less than a sentence.
constexpr int32_t kForeignUnits = 40;
// What goes on elsewhere for so long is another piece, not a phrase that stands in both places.
constexpr size_t kPieceUnits = 24;

// True if the shingle of `a` at `i` stands in `b` at `position`.
bool StandsAt(const Profile& a, size_t i, const Profile& b, int32_t position) {
  const auto at = static_cast<size_t>(position);
  return at + kShingleUnits <= b.units.size() &&
         std::memcmp(&a.units[i], &b.units[at], kShingleUnits * sizeof(char16_t)) == 0;
}

// A stretch of b that a is followed through.
struct Piece {
  size_t units = 0;  // of a
  int32_t end = -1;  // position in b behind the last shingle's first unit; -1: none was begun
  size_t end_a = 0;  // of a that are counted so far

  bool Takes(int32_t position) const {
    return end >= 0 && position >= end &&
           position < end + static_cast<int32_t>(kShingleUnits) + kForeignUnits;
  }
  void Add(size_t i, int32_t position) {
    units += i + kShingleUnits - std::max(i, end_a);
    end_a = i + kShingleUnits;
    end = position + 1;
  }
};

// The hash up to which shingles are weighed.
uint32_t SampleLimit(const Profile& a, const Profile& b) {
  const auto& longer = a.shingles.size() < b.shingles.size() ? b.shingles : a.shingles;
  return longer.size() <= kRaritySample ? std::numeric_limits<uint32_t>::max()
                                        : Hash(longer[kRaritySample]);
}

}  // namespace

Overlap FindOverlap(const Profile& a, const Profile& b) {
  Overlap out;
  out.covered_b.resize(b.units.size());
  out.position_in_b.assign(a.shingles.size(), -1);
  FindMatches(a.shingles, b.shingles, [&](Match match) {
    size_t i = match.a, j = match.b;
    if (i > 0 && Hash(a.shingles[i - 1]) == Hash(a.shingles[i])) return;  // seen with the first
    ++out.shared;
    const size_t end_a = EndOfEqualHashes(a.shingles, i), end_b = EndOfEqualHashes(b.shingles, j);
    const auto in_b = static_cast<int32_t>(Position(b.shingles[j]));
    for (; i < end_a; ++i) out.position_in_b[Position(a.shingles[i])] = in_b;
    for (; j < end_b; ++j) Cover(out.covered_b, b.shingles[j]);
  });
  return out;
}

Passage LongestRun(const Profile& a, const Profile& b, const Overlap& overlap) {
  Passage longest, run;
  int32_t end = -1;  // position in b where the run goes on; -1 outside a run
  for (size_t i = 0; i < overlap.position_in_b.size(); ++i) {
    const int32_t position = overlap.position_in_b[i];
    if (position < 0) {
      end = -1;
      continue;
    }
    if (end >= 0 && (position == end || StandsAt(a, i, b, end))) {
      ++run.units, ++end;
    } else {
      run = {.begin = i, .units = kShingleUnits};
      end = position + 1;
    }
    if (run.units > longest.units) longest = run;
  }
  return longest;
}

size_t UnitsInOnePiece(const Profile& a, const Profile& b, const Overlap& overlap) {
  size_t most = 0;
  Piece piece, other;
  for (size_t i = 0; i < overlap.position_in_b.size(); ++i) {
    int32_t position = overlap.position_in_b[i];
    if (position < 0) continue;
    // Of a shingle that b has twice only the first place is known.
    if (piece.end >= 0 && position != piece.end && StandsAt(a, i, b, piece.end)) {
      position = piece.end;
    }
    if (piece.Takes(position)) {
      piece.Add(i, position);
      other = {};
    } else {
      if (!other.Takes(position)) other = {};
      other.Add(i, position);
      if (other.units >= kPieceUnits || piece.end < 0) piece = std::exchange(other, {});
    }
    most = std::max(most, piece.units);
  }
  return most;
}

RareOverlap WeighOverlap(const Profile& a, const Profile& b, const Rarity& rarity) {
  const uint32_t limit = SampleLimit(a, b);
  RareOverlap out;
  size_t j = 0;
  for (size_t i = 0; i < a.shingles.size() && Hash(a.shingles[i]) <= limit;
       i = EndOfEqualHashes(a.shingles, i)) {
    if (i + kAhead < a.shingles.size()) rarity.Prefetch(Hash(a.shingles[i + kAhead]));
    const uint32_t hash = Hash(a.shingles[i]);
    const double weight = kWeights[static_cast<size_t>(rarity.Count(hash))];
    out.a += weight;
    while (j < b.shingles.size() && Hash(b.shingles[j]) < hash) ++j;
    if (j < b.shingles.size() && Hash(b.shingles[j]) == hash) out.shared += weight;
  }
  return out;
}

double WeighRun(const Profile& a, const Passage& run, const Rarity& rarity, double enough) {
  if (run.units < kShingleUnits) return 0;
  thread_local std::vector<uint32_t> hashes;
  hashes.clear();
  for (const uint64_t shingle : a.shingles) {
    // Unsigned: what stands before the run is far behind it.
    if (Position(shingle) - run.begin > run.units - kShingleUnits) continue;
    hashes.push_back(Hash(shingle));
    // No more than these is looked at where little is enough.
    if (static_cast<double>(hashes.size()) < 2 * enough) rarity.Prefetch(hashes.back());
  }
  double weight = 0;
  for (const uint32_t hash : hashes) {
    weight += kWeights[static_cast<size_t>(rarity.Count(hash))];
    if (weight >= enough) break;
  }
  return weight;
}

}  // namespace wonbon
