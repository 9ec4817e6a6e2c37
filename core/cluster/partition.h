// The texts of a family -> its clusters, by average linkage: from texts by themselves, the two
// blocks whose texts agree most on average are made one, as long as they agree enough. So no single
// judgement draws anything together, none keeps anything apart, and the result is a function of the
// pairs alone, whatever the order in which the texts came.
// Pure functions of plain values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "absl/types/span.h"

namespace wonbon {

// Hundredths of log-odds: two blocks become one where the mean over their pairs is at least this, a
// little below as likely as not (README.md: chosen by measurement).
inline constexpr int kJoiningScore = -25;

// An editor's word on a pair, in the place of a score: the two stay together, or apart, whatever
// their judgements say.
inline constexpr int16_t kBoundPair = std::numeric_limits<int16_t>::max();
inline constexpr int16_t kApartPair = std::numeric_limits<int16_t>::min();
constexpr bool IsWord(int16_t score) { return score == kBoundPair || score == kApartPair; }

// Where `scores` has the pair of text i with an earlier one j.
constexpr size_t PairPlace(size_t i, size_t j) { return i * (i - 1) / 2 + j; }

// Each block's texts ascending, the blocks by their first ones. What editors bound is one from the
// beginning, and blocks that they keep apart never become one. Of several pairs of blocks that
// agree alike the one whose first texts come first is made one.
// REQUIRES: scores.size() == texts * (texts - 1) / 2. Costs texts^3 steps at most.
std::vector<std::vector<size_t>> Partition(size_t texts, absl::Span<const int16_t> scores);

}  // namespace wonbon
