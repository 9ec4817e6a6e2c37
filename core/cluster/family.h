// Families as values (FamilyRecord): what a judgement weighs as a pair's score, families made one
// by a text that connects them, and taken apart where nothing connects them any more.
// Pure functions but for the judge that Unite is given.
#pragma once

#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "core/cluster/partition.h"
#include "core/judge/judge.h"
#include "core/record.h"

namespace wonbon {

// Scores of pairs, in hundredths of log-odds: of the judgement's probability, but where a rule says
// more than that.
inline constexpr int16_t kExactPair = 800;     // the most of all
inline constexpr int16_t kCutPair = 400;       // at least, for a cut copy
inline constexpr int16_t kLittlePair = -400;   // too little in common for one article
inline constexpr int16_t kNothingPair = -400;  // nothing in common
inline constexpr int16_t kGuardedPair = -600;  // a guard forbids it; the least of all
int16_t PairScore(const Judgement& judgement);

// What a family keeps of a pair (FamilyRecord).
struct PairWeight {
  int16_t score = 0;
  uint16_t shared = 0;
};
// `shingles`: distinct ones of the document that was judged, not of the earlier one.
PairWeight WeighPair(const Judgement& judgement, uint32_t shingles);

// What connects two texts: they were judged the same article, or an editor said of them that they
// are or are not, which the family remembers.
constexpr bool Connects(int16_t score) { return score >= 0 || score == kApartPair; }

int16_t ScoreOf(const FamilyRecord& family, size_t text, size_t other);
uint16_t SharedBy(const FamilyRecord& family, size_t text, size_t other);
// The texts at these places, in order of their numbers, with their scores.
FamilyRecord Select(const FamilyRecord& family, std::vector<size_t> places);
// The blocks of a family that is left as it stands (FamilyRecord::full): the texts of each of its
// clusters, but for what editors said of them.
std::vector<std::vector<size_t>> StandingBlocks(const FamilyRecord& family);
// The blocks of a family's partition, as places; ties go by `order`, in which every place is once.
std::vector<std::vector<size_t>> Partitioned(const FamilyRecord& family,
                                             const std::vector<size_t>& order);
// What is connected, each a family or a single text, by their oldest texts.
std::vector<FamilyRecord> Connected(const FamilyRecord& family);

// What an editor said of a text with another one, kBoundPair or kApartPair.
struct PairWord {
  DocumentNumber text = DocumentNumber::kNone;  // the other one
  int16_t word = 0;
};

// What a text has with an older one.
using PairJudge =
    std::function<absl::StatusOr<PairWeight>(DocumentNumber text, DocumentNumber older)>;
// All texts of `families`, single texts among them; pairs of two families are judged.
absl::StatusOr<FamilyRecord> Unite(absl::Span<const FamilyRecord> families,
                                   const PairJudge& judge);

}  // namespace wonbon
