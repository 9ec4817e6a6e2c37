// Which cluster a document belongs to: every document is looked at, every candidate judged.
#include <algorithm>
#include <tuple>
#include <utility>

#include "core/cluster/candidates.h"
#include "core/cluster/placement.h"
#include "core/index/limits.h"
#include "core/index/memory_index.h"
#include "core/limits.h"
#include "tests/oracle/decision_oracle_parts.h"

namespace wonbon::oracle {
namespace {

bool BandIsShared(const Fingerprint& a, const Fingerprint& b, int band) {
  for (int row = band * kRowsPerBand; row < (band + 1) * kRowsPerBand; ++row) {
    const auto place = static_cast<size_t>(row);
    if (a.sketch.bins[place] != b.sketch.bins[place]) return false;
  }
  return !a.is_short() && !b.is_short();
}

double Strength(const Match& link) {
  const double shared = std::max({link.jaccard, link.containment, link.containment_in});
  const bool passages = link.relation == Relation::kOverlap || link.relation == Relation::kUnique;
  return passages ? shared - 1 : shared;
}

}  // namespace

uint32_t BandsInCommon(const Fingerprint& a, const Fingerprint& b) {
  uint32_t bands = 0;
  for (int band = 0; band < kBands; ++band) {
    if (BandIsShared(a, b, band)) bands |= 1u << band;
  }
  return bands;
}

// What is posted and shared, by document, within the limits of the index: of a text or url key the
// oldest holders, of a band key the newest, of a sampled shingle all canonical copies unless there
// are too many of them.
std::map<DocumentNumber, DecisionOracle::Hit> DecisionOracle::LookUp(
    const Fingerprint& fingerprint) const {
  std::map<DocumentNumber, Hit> hits;
  size_t exact = 0;
  size_t same_url = 0;
  for (const auto& [number, document] : documents_) {
    const Fingerprint& other = document.fingerprint;
    if (other.exact_key == fingerprint.exact_key && exact++ < kMaxKeyHits) {
      hits[number].exact = true;
    }
    if (other.url_key != 0 && other.url_key == fingerprint.url_key && same_url++ < kMaxKeyHits) {
      hits[number].same_url = true;
    }
  }
  for (int band = 0; band < kBands; ++band) {
    int holders = 0;
    for (auto place = documents_.rbegin(); place != documents_.rend(); ++place) {
      const auto& [number, document] = *place;
      if ((document.bands >> band & 1) == 0) continue;
      if (!BandIsShared(fingerprint, document.fingerprint, band)) continue;
      if (holders++ < kMaxPostingsPerKey) ++hits[number].bands;
    }
  }
  std::map<DocumentNumber, int> shared;
  for (const uint32_t value : fingerprint.asked) {
    std::vector<DocumentNumber> holders;
    for (const auto& [id, cluster] : clusters_) {
      const std::vector<uint32_t>& sample = documents_.at(cluster.canonical).fingerprint.sample;
      if (std::find(sample.begin(), sample.end(), value) != sample.end()) {
        holders.push_back(cluster.canonical);
      }
    }
    if (holders.size() > kMaxSamplePostings) continue;
    for (const DocumentNumber holder : holders) ++shared[holder];
  }
  for (const auto& [number, count] : shared) {
    if (count >= (fingerprint.asks_all ? 1 : kMinSharedSample)) hits[number].sample = count;
  }
  return hits;
}

std::vector<DecisionOracle::Candidate> DecisionOracle::FindCandidates(
    const Fingerprint& fingerprint, DocumentNumber except, bool* truncated) const {
  std::map<ClusterId, Candidate> by_cluster;
  for (const auto& [number, hit] : LookUp(fingerprint)) {
    if (number == except) continue;
    const ClusterId id = documents_.at(number).cluster;
    Candidate& candidate = by_cluster[id];
    candidate.id = id;
    if (hit.exact && !candidate.exact) candidate.closest = number;
    candidate.exact |= hit.exact;
    if (hit.same_url) candidate.same_url = number;
    candidate.bands = std::max(candidate.bands, hit.bands);
    if (hit.sample > candidate.sample) {
      candidate.sample = hit.sample;
      candidate.sampled = number;
    }
  }
  std::vector<Candidate> found;
  for (const auto& [id, candidate] : by_cluster) found.push_back(candidate);
  *truncated = found.size() > kMaxCandidateClusters;
  if (*truncated) {
    std::stable_sort(found.begin(), found.end(), [](const Candidate& a, const Candidate& b) {
      return std::tuple(a.exact, a.bands, a.sample) > std::tuple(b.exact, b.bands, b.sample);
    });
    found.resize(kMaxCandidateClusters);
  }
  std::erase_if(found,
                [&](Candidate& candidate) { return !Weigh(fingerprint, except, &candidate); });
  if (found.size() > kMaxJudgedClusters) {
    *truncated = true;
    KeepMostPromising(fingerprint, &found);
  }
  return found;
}

// First the same text, then those that share the bins that the fewest share; four places are for
// those that share most of the sample.
void DecisionOracle::KeepMostPromising(const Fingerprint& fingerprint,
                                       std::vector<Candidate>* found) const {
  const auto agrees = [&](const Candidate& candidate, size_t bin) {
    if (candidate.jaccard == 0) return false;
    const Sketch& other = documents_.at(candidate.closest).fingerprint.sketch;
    return other.bins[bin] % 4 == fingerprint.sketch.bins[bin] % 4;  // all that is kept of one
  };
  for (size_t bin = 0; bin < kSketchBins; ++bin) {
    int agreeing = 0;
    for (const Candidate& candidate : *found) agreeing += agrees(candidate, bin);
    for (Candidate& candidate : *found) {
      if (agrees(candidate, bin)) candidate.rarity += kRarestBin / agreeing;
    }
  }
  std::vector<Candidate> kept;
  const auto take_best = [&](auto is_better) {
    const auto best = std::min_element(found->begin(), found->end(), is_better);
    kept.push_back(*best);
    found->erase(best);
  };
  while (kept.size() < kMaxJudgedClusters - kJudgedBySample) {
    take_best([](const Candidate& a, const Candidate& b) {
      return std::tuple(b.exact, b.rarity, b.contained, a.id) <
             std::tuple(a.exact, a.rarity, a.contained, b.id);
    });
  }
  while (kept.size() < kMaxJudgedClusters) {
    take_best([](const Candidate& a, const Candidate& b) {
      return std::tuple(b.contained, a.jaccard, a.id) < std::tuple(a.contained, b.jaccard, b.id);
    });
  }
  *found = std::move(kept);
}

// False where what is shared is chance.
bool DecisionOracle::Weigh(const Fingerprint& fingerprint, DocumentNumber except,
                           Candidate* candidate) const {
  const std::vector<DocumentNumber> members = MembersOf(candidate->id);
  candidate->canonical = clusters_.at(candidate->id).canonical;
  candidate->founder = members.front();
  if (candidate->exact) return true;
  int most_equal = -1;
  for (const DocumentNumber number : members) {
    const Fingerprint& other = documents_.at(number).fingerprint;
    if (fingerprint.is_short() || other.is_short() || number == except) continue;
    const int equal = EqualBins(ShortSketch(fingerprint.sketch), ShortSketch(other.sketch));
    if (equal <= most_equal) continue;
    most_equal = equal;
    candidate->closest = number;
  }
  const double estimated = most_equal < 0 ? 0 : EstimateJaccard(most_equal);
  candidate->jaccard = estimated < kMinEstimatedJaccard ? 0 : estimated;
  uint32_t shorter = fingerprint.shingles;
  if (candidate->sampled != DocumentNumber::kNone) {
    shorter = std::min(shorter, documents_.at(candidate->sampled).fingerprint.shingles);
  }
  const double whole = std::clamp(double{1} * shorter / kSampleRate, 1.0, kFullSharedSample);
  candidate->contained = std::min(1.0, candidate->sample / whole);
  if (candidate->jaccard == 0 && candidate->sample > 0) candidate->closest = candidate->sampled;
  if (candidate->closest == DocumentNumber::kNone) candidate->closest = candidate->same_url;
  if (candidate->closest == DocumentNumber::kNone) return false;
  return candidate->jaccard > 0 || candidate->same_url != DocumentNumber::kNone ||
         candidate->sample >= (shorter >= kLongShingles ? kMinSharedSampleOfLong : 1);
}

Judgement DecisionOracle::JudgeTexts(const Profile& document, DocumentNumber earlier) const {
  return Judge(document, documents_.at(earlier).prepared->profile, rarity_);
}

Match DecisionOracle::MatchOf(DocumentNumber number, const Judgement& judgement) const {
  const Document& earlier = documents_.at(number);
  return {.number = number,
          .document_id = earlier.text().id,
          .cluster = earlier.cluster,
          .relation = judgement.relation,
          .jaccard = judgement.jaccard,
          .containment = judgement.containment,
          .containment_in = judgement.containment_in,
          .score = judgement.score};
}

std::vector<DecisionOracle::Verdict> DecisionOracle::Hear(
    const std::vector<Candidate>& candidates, const Profile& document, DocumentNumber except,
    std::set<DocumentNumber>* told) const {
  std::vector<Verdict> verdicts;
  for (const Candidate& candidate : candidates) {
    Verdict verdict{.cluster = candidate.id};
    for (const DocumentNumber number :
         {candidate.canonical, candidate.founder, candidate.closest, candidate.same_url}) {
      if (number == DocumentNumber::kNone || number == except) continue;
      told->insert(number);
      const Judgement judgement = JudgeTexts(document, number);
      const bool near_miss = judgement.rule == Rule::kLittleShared ||
                             (judgement.rule == Rule::kModel && judgement.score >= 0.05);
      if (!judgement.same_article() && !near_miss) continue;
      verdict.may_be_kin = true;
      verdict.score = std::max(verdict.score, judgement.score);
      if (candidate.exact && number == candidate.closest) {
        verdict.exact |= judgement.relation == Relation::kExact;
      }
    }
    if (verdict.may_be_kin) verdicts.push_back(verdict);
  }
  std::sort(verdicts.begin(), verdicts.end(), [](const Verdict& a, const Verdict& b) {
    return std::tuple(!a.exact, -a.score, a.cluster) < std::tuple(!b.exact, -b.score, b.cluster);
  });
  return verdicts;
}

void DecisionOracle::Tell(const std::set<DocumentNumber>& told, Document* added) const {
  std::map<ClusterId, std::vector<Match>> links;
  const auto strength_order = [](const Match& a, const Match& b) {
    return std::pair(-Strength(a), a.number) < std::pair(-Strength(b), b.number);
  };
  for (const DocumentNumber number : told) {
    const Match match = MatchOf(number, JudgeTexts(added->prepared->profile, number));
    (match.cluster == added->cluster ? added->matches : links[match.cluster]).push_back(match);
  }
  std::sort(added->matches.begin(), added->matches.end(), [](const Match& a, const Match& b) {
    return std::tuple(a.relation != Relation::kExact, -a.score, a.number) <
           std::tuple(b.relation != Relation::kExact, -b.score, b.number);
  });
  for (auto& [cluster, matches] : links) {
    Match& strongest = *std::min_element(matches.begin(), matches.end(), strength_order);
    if (strongest.relation == Relation::kUnique || fault_ == Fault::kNoLinks) continue;
    if (Joins(strongest.relation)) strongest.relation = Relation::kOverlap;
    added->links.push_back(strongest);
  }
  std::sort(added->links.begin(), added->links.end(), strength_order);
  for (auto match = added->matches.rbegin(); match != added->matches.rend(); ++match) {
    if (Joins(match->relation)) added->relation = match->relation;
  }
  if (added->relation == Relation::kUnique && !added->links.empty()) {
    added->relation = added->links.front().relation;
  }
  if (added->matches.size() > kMaxMatches) added->matches.resize(kMaxMatches);
  if (added->links.size() > kMaxLinks) added->links.resize(kMaxLinks);
}

}  // namespace wonbon::oracle
