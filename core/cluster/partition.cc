#include "core/cluster/partition.h"

#include <algorithm>

#include "core/check.h"

namespace wonbon {
namespace {

// Of blocks that stay apart: no mean with it in it is enough.
constexpr int64_t kNever = std::numeric_limits<int64_t>::min() / (1 << 16);

// The sum of scores between two blocks, and of how many pairs.
struct Linkage {
  int64_t sum = 0;
  int64_t pairs = 0;
  bool joins() const { return sum >= kJoiningScore * pairs; }
  // By their means, exactly.
  bool operator>(const Linkage& other) const { return sum * other.pairs > other.sum * pairs; }
};

size_t BlockOf(const std::vector<std::vector<size_t>>& blocks, size_t text) {
  size_t block = 0;
  while (std::find(blocks[block].begin(), blocks[block].end(), text) == blocks[block].end()) {
    ++block;
  }
  return block;
}

}  // namespace

std::vector<std::vector<size_t>> Partition(size_t texts, absl::Span<const int16_t> scores) {
  WONBON_CHECK(scores.size() == (texts == 0 ? 0 : PairPlace(texts, 0)));
  std::vector<std::vector<size_t>> blocks(texts);
  std::vector<int64_t> sums(texts * texts);  // between blocks, in both directions
  const auto unite = [&](size_t first, size_t second) {
    blocks[first].insert(blocks[first].end(), blocks[second].begin(), blocks[second].end());
    blocks[second].clear();
    for (size_t other = 0; other < texts; ++other) {
      sums[first * texts + other] += sums[second * texts + other];
      sums[other * texts + first] = sums[first * texts + other];
    }
  };
  for (size_t i = 0; i < texts; ++i) {
    blocks[i] = {i};
    for (size_t j = 0; j < i; ++j) {
      const int16_t score = scores[PairPlace(i, j)];
      sums[i * texts + j] = sums[j * texts + i] = score == kApartPair ? kNever : score;
    }
  }
  for (size_t i = 0; i < texts; ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (scores[PairPlace(i, j)] != kBoundPair) continue;
      const size_t a = BlockOf(blocks, i);
      const size_t b = BlockOf(blocks, j);
      if (a != b) unite(std::min(a, b), std::max(a, b));
    }
  }
  for (;;) {
    Linkage best;
    size_t first = 0;
    size_t second = 0;
    for (size_t a = 0; a < texts; ++a) {
      if (blocks[a].empty()) continue;
      for (size_t b = a + 1; b < texts; ++b) {
        if (blocks[b].empty()) continue;
        const Linkage linkage{sums[a * texts + b],
                              static_cast<int64_t>(blocks[a].size() * blocks[b].size())};
        if (!linkage.joins() || (best.pairs > 0 && !(linkage > best))) continue;
        best = linkage;
        first = a;
        second = b;
      }
    }
    if (best.pairs == 0) break;
    unite(first, second);
  }
  std::erase_if(blocks, [](const std::vector<size_t>& block) { return block.empty(); });
  for (std::vector<size_t>& block : blocks) std::sort(block.begin(), block.end());
  return blocks;
}

}  // namespace wonbon
