#include "core/cluster/partition.h"

#include <algorithm>

#include "core/check.h"

namespace wonbon {
namespace {

// The sum of scores between two blocks, and of how many pairs.
struct Linkage {
  int64_t sum = 0;
  int64_t pairs = 0;
  bool joins() const { return sum >= kJoiningScore * pairs; }
  // By their means, exactly.
  bool operator>(const Linkage& other) const { return sum * other.pairs > other.sum * pairs; }
};

}  // namespace

std::vector<std::vector<size_t>> Partition(size_t texts, absl::Span<const int16_t> scores) {
  WONBON_CHECK(scores.size() == (texts == 0 ? 0 : PairPlace(texts, 0)));
  std::vector<std::vector<size_t>> blocks(texts);
  std::vector<int64_t> sums(texts * texts);  // between blocks, in both directions
  for (size_t i = 0; i < texts; ++i) {
    blocks[i] = {i};
    for (size_t j = 0; j < i; ++j) {
      sums[i * texts + j] = sums[j * texts + i] = scores[PairPlace(i, j)];
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
    blocks[first].insert(blocks[first].end(), blocks[second].begin(), blocks[second].end());
    blocks[second].clear();
    for (size_t other = 0; other < texts; ++other) {
      sums[first * texts + other] += sums[second * texts + other];
      sums[other * texts + first] = sums[first * texts + other];
    }
  }
  std::erase_if(blocks, [](const std::vector<size_t>& block) { return block.empty(); });
  for (std::vector<size_t>& block : blocks) std::sort(block.begin(), block.end());
  return blocks;
}

}  // namespace wonbon
