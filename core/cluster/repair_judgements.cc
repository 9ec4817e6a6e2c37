#include "core/cluster/repair_judgements.h"

#include <utility>

#include "core/check.h"
#include "core/cluster/placement.h"

namespace wonbon {

void RepairJudgements::UseRarity(std::shared_ptr<const Rarity> rarity) {
  if (rarity_ != rarity) {
    if (!agrees_.empty()) ++exchanges_;
    agrees_.clear();
  }
  rarity_ = std::move(rarity);
}

absl::Status RepairJudgements::Know(const std::vector<Member>& members, Member canonical,
                                    const DocumentFetcher& fetch) {
  wanted_.clear();
  uint64_t shingles = canonical.shingles;
  for (const Member& member : members) {
    const Pair pair(member.number, canonical.number);
    if (agrees_.contains(pair)) continue;
    wanted_.push_back(pair);
    shingles += member.shingles;
  }
  if (wanted_.empty()) return absl::OkStatus();
  if (shingles > limit_) return absl::AbortedError("members must be judged first");
  for (const Pair& pair : std::exchange(wanted_, {})) {
    if (absl::Status status = JudgeOne(pair, fetch); !status.ok()) return status;
  }
  return absl::OkStatus();
}

size_t RepairJudgements::JudgeWanted(const DocumentFetcher& fetch) {
  size_t judged = 0;
  for (const Pair& pair : wanted_) judged += JudgeOne(pair, fetch).ok() ? 1 : 0;
  wanted_.clear();
  return judged;
}

absl::Status RepairJudgements::JudgeOne(const Pair& pair, const DocumentFetcher& fetch) {
  const absl::StatusOr<Judgement> judgement =
      JudgeStored(pair.first, pair.second, *rarity_, fetch);
  if (!judgement.ok()) return judgement.status();
  ++judged_;
  agrees_[pair] = wonbon::Agrees(*judgement);
  return absl::OkStatus();
}

bool RepairJudgements::Agrees(DocumentNumber member, DocumentNumber canonical) const {
  return CheckAt(agrees_, Pair(member, canonical));
}

void RepairJudgements::Clear() {
  agrees_.clear();
  wanted_.clear();
  exchanges_ = 0;
}

}  // namespace wonbon
