#include "core/cluster/agreement.h"

#include <algorithm>

#include "core/cluster/partition.h"
#include "core/judge/version_mark.h"

namespace wonbon {
namespace {

// As far as FamilyRecord::shared goes.
uint32_t SizeOf(const DocumentEntry& entry) {
  return std::min<uint32_t>(entry.shingles, UINT16_MAX);
}

bool IsMostOf(uint32_t part, uint32_t whole) { return part >= kCompleteShare * whole; }

// What is asked of the texts while their agreement is looked for.
class Witnesses {
 public:
  explicit Witnesses(const KnownTexts& known) : known_(known), counts_(known.texts.size()) {
    for (const ArticleVersions& article : GatherVersions(known.texts)) {
      counts_[article.newest->text] = true;
    }
  }
  bool Counts(size_t text) const { return counts_[text]; }
  bool IsWitness(size_t other, size_t text) const {
    const uint64_t publisher = Entry(text).publisher_key;
    const bool own = publisher != 0 && publisher == Entry(other).publisher_key;
    return text != other && !own && counts_[other];
  }
  uint32_t SharedBy(size_t text, size_t other) const {
    return known_.shared[PairPlace(std::max(text, other), std::min(text, other))];
  }
  uint32_t Size(size_t text) const { return SizeOf(Entry(text)); }

  // Whether another text ends where this one does, or two have it and go on apart.
  bool IsEndAgreed(size_t text) const {
    if (!counts_[text] || IsPart(text)) return false;
    std::vector<size_t> holders;
    for (size_t other = 0; other < counts_.size(); ++other) {
      if (!IsWitness(other, text) || IsPart(other)) continue;
      if (!IsMostOf(SharedBy(text, other), Size(text))) continue;
      if (IsMostOf(SharedBy(text, other), Size(other))) return true;
      for (const size_t holder : holders) {
        if (IsWitness(holder, other) && IsMostOf(Size(text), SharedBy(holder, other))) return true;
      }
      holders.push_back(other);
    }
    return false;
  }

 private:
  const DocumentEntry& Entry(size_t text) const { return known_.texts[text].entry; }
  bool IsPart(size_t text) const {
    const uint8_t mark = Entry(text).version_mark;
    return mark != kNoVersionMark && mark <= kLastPartMark;
  }

  const KnownTexts& known_;
  std::vector<bool> counts_;
};

}  // namespace

Agreement::Agreement(const KnownTexts& known) {
  const size_t texts = known.texts.size();
  if (texts < 3) return;  // two alone agree on what both have, whichever is cut
  const Witnesses witnesses(known);
  uint32_t most = 0;
  agreed_of_.resize(texts);
  for (size_t text = 0; text < texts; ++text) {
    for (size_t other = 0; other < texts; ++other) {
      if (!witnesses.IsWitness(other, text)) continue;
      agreed_of_[text] = std::max(agreed_of_[text], witnesses.SharedBy(text, other));
    }
    if (witnesses.Counts(text)) most = std::max(most, agreed_of_[text]);
  }
  for (size_t text = 0; text < texts && agreed_ == 0; ++text) {
    if (IsMostOf(agreed_of_[text], most) && witnesses.IsEndAgreed(text)) agreed_ = most;
  }
}

uint32_t Agreement::FullnessOf(const Contender& member) const {
  if (!is_witnessed()) return member.entry.shingles;
  if (member.text < agreed_of_.size()) return agreed_of_[member.text];
  return std::min(SizeOf(member.entry), agreed_);
}

int64_t Agreement::MeritOf(const Contender& member) const {
  const int64_t fullness = FullnessOf(member);
  return is_witnessed() ? 2 * fullness - SizeOf(member.entry) : fullness;
}

bool Agreement::IsComplete(const Contender& member) const {
  return IsMostOf(FullnessOf(member), agreed_);
}

bool Agreement::IsClean(const Contender& member) const {
  return IsMostOf(FullnessOf(member), SizeOf(member.entry));
}

}  // namespace wonbon
