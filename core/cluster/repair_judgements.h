// Whether the members of a cluster under repair still agree with the canonical copy that is elected
// now: each pair judged once, and not where that would take long. Repairs of large clusters need
// many judgements; the commit thread asks for them here, is told that they are too many, and asks
// again when they were made elsewhere.
//
// Belongs to one thread at a time, which may be another one between two attempts at a command.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "core/cluster/judgements.h"

namespace wonbon {

class RepairJudgements {
 public:
  static constexpr uint64_t kNoLimit = std::numeric_limits<uint64_t>::max();

  // `limit`: shingles, of the members and once each of the canonical copy, that Know may compare.
  explicit RepairJudgements(uint64_t limit = kNoLimit) : limit_(limit) {}

  struct Member {
    DocumentNumber number = DocumentNumber::kNone;
    uint32_t shingles = 0;
  };
  // With another table than before everything is judged anew: an answer depends on the table that
  // stands when it is given, not on who judged when.
  void UseRarity(std::shared_ptr<const Rarity> rarity);

  // Judges those of `members` that were not judged to `canonical` yet. ABORTED, and nothing done,
  // where that is past the limit: JudgeWanted does it then.
  absl::Status Know(const std::vector<Member>& members, Member canonical,
                    const DocumentFetcher& fetch);
  // REQUIRES: Know was asked, and said OK.
  bool Agrees(DocumentNumber member, DocumentNumber canonical) const;

  // Whether Know put something off that is not judged yet.
  bool wants_more() const { return !wanted_.empty(); }
  // Judges that, and returns how many that were. What cannot be read is passed over:
  // the document may be gone meanwhile, and else the error shows when Know is asked again.
  size_t JudgeWanted(const DocumentFetcher& fetch);
  void SetLimit(uint64_t limit) { limit_ = limit; }
  // Tables that were exchanged while pairs waited: their judgements were for nothing.
  int exchanges() const { return exchanges_; }
  uint64_t judged() const { return judged_; }
  // Forgets the pairs, when what they were for is decided.
  void Clear();

 private:
  using Pair = std::pair<DocumentNumber, DocumentNumber>;  // member, canonical copy
  absl::Status JudgeOne(const Pair& pair, const DocumentFetcher& fetch);

  uint64_t limit_;
  std::shared_ptr<const Rarity> rarity_;
  absl::flat_hash_map<Pair, bool> agrees_;
  std::vector<Pair> wanted_;
  int exchanges_ = 0;
  uint64_t judged_ = 0;
};

}  // namespace wonbon
