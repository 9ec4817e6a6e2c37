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
  for (const uint32_t value : fingerprint.sample) {
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
    if (count >= kMinSharedSample) hits[number].sample = count;
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
  std::sort(found.begin(), found.end(), [](const Candidate& a, const Candidate& b) {
    return std::pair(-a.strength, a.id) < std::pair(-b.strength, b.id);
  });
  if (found.size() > kMaxJudgedClusters) {
    *truncated = true;
    found.resize(kMaxJudgedClusters);
  }
  return found;
}

// False where what is shared is chance.
bool DecisionOracle::Weigh(const Fingerprint& fingerprint, DocumentNumber except,
                           Candidate* candidate) const {
  const std::vector<DocumentNumber> members = MembersOf(candidate->id);
  candidate->canonical = clusters_.at(candidate->id).canonical;
  candidate->founder = members.front();
  if (candidate->exact) {
    candidate->strength = 2;
    return true;
  }
  int most_equal = -1;
  for (const DocumentNumber number : members) {
    const Fingerprint& other = documents_.at(number).fingerprint;
    if (fingerprint.is_short() || other.is_short() || number == except) continue;
    const int equal = EqualBins(fingerprint.sketch, other.sketch);
    if (equal <= most_equal) continue;
    most_equal = equal;
    candidate->closest = number;
  }
  const double estimated = most_equal < 0 ? 0 : EstimateJaccard(most_equal);
  const double sampled = std::min(1.0, candidate->sample / kFullSharedSample);
  candidate->strength = std::max(estimated, sampled);
  if (sampled > estimated) candidate->closest = candidate->sampled;
  if (candidate->closest == DocumentNumber::kNone) candidate->closest = candidate->same_url;
  if (candidate->closest == DocumentNumber::kNone) return false;
  const bool long_texts =
      candidate->sampled != DocumentNumber::kNone && fingerprint.shingles >= kLongShingles &&
      documents_.at(candidate->sampled).fingerprint.shingles >= kLongShingles;
  return estimated >= kMinEstimatedJaccard || candidate->same_url != DocumentNumber::kNone ||
         candidate->sample >= (long_texts ? kMinSharedSampleOfLong : 1);
}

Judgement DecisionOracle::JudgeTexts(const Profile& document, DocumentNumber earlier) const {
  return Judge(document, documents_.at(earlier).prepared->profile, rarity_);
}

bool DecisionOracle::SameArticle(DocumentNumber a, DocumentNumber b) const {
  return JudgeTexts(documents_.at(a).prepared->profile, b).same_article();
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

DecisionOracle::Verdict DecisionOracle::Hear(const Candidate& candidate,
                                             const Submission& submission,
                                             DocumentNumber except) const {
  Verdict verdict{.candidate = &candidate};
  std::vector<DocumentNumber> heard;
  bool canonical_agrees = candidate.canonical == except;  // it cannot be asked
  bool founder_refuses = false;
  for (const DocumentNumber number :
       {candidate.canonical, candidate.founder, candidate.closest, candidate.same_url}) {
    const bool again = std::find(heard.begin(), heard.end(), number) != heard.end();
    if (number == DocumentNumber::kNone || number == except || again) continue;
    heard.push_back(number);
    const Judgement judgement = JudgeTexts(submission.prepared->profile, number);
    const bool same = judgement.same_article();
    const bool exact = judgement.relation == Relation::kExact;
    verdict.matches.push_back(MatchOf(number, judgement));
    if (number == candidate.canonical) {
      canonical_agrees = Agrees(judgement);
      verdict.canonical_score = same ? judgement.score : 0;
    }
    if (number == candidate.founder) founder_refuses = !same;
    const bool cut_of_founder = number == candidate.founder && judgement.rule == Rule::kCutCopy &&
                                judgement.containment >= judgement.containment_in;
    if (!same || !(exact || cut_of_founder || canonical_agrees)) continue;
    if (!verdict.joins ||
        std::pair(exact, judgement.score) > std::pair(verdict.exact, verdict.score)) {
      verdict.best = number;
      verdict.exact = exact;
      verdict.score = judgement.score;
    }
    verdict.joins = true;
  }
  if (fault_ == Fault::kFounderIsNotAsked) founder_refuses = false;
  if (founder_refuses && !verdict.exact) verdict.joins = false;
  std::stable_sort(verdict.matches.begin(), verdict.matches.end(),
                   [](const Match& a, const Match& b) {
                     return std::pair(a.relation == Relation::kExact, a.score) >
                            std::pair(b.relation == Relation::kExact, b.score);
                   });
  return verdict;
}

// Both canonical copies are copies of the document, and of each other, as are the founders.
bool DecisionOracle::ProvedOne(const Verdict& joined, const Verdict& other,
                               DocumentNumber except) const {
  const Candidate& a = *joined.candidate;
  const Candidate& b = *other.candidate;
  if (fault_ == Fault::kNoMerge || !other.joins || a.canonical == except || b.canonical == except ||
      joined.canonical_score < kMergeScore || other.canonical_score < kMergeScore) {
    return false;
  }
  return SameArticle(a.canonical, b.canonical) && SameArticle(a.founder, b.founder) &&
         SameArticle(a.founder, b.canonical) && SameArticle(a.canonical, b.founder);
}

DecisionOracle::Placing DecisionOracle::Place(const Submission& submission,
                                              const Document* standing) const {
  const DocumentNumber except = standing == nullptr ? DocumentNumber::kNone : standing->number;
  Placing placing;
  bool truncated = false;
  const std::vector<Candidate> candidates =
      FindCandidates(submission.fingerprint, except, &truncated);
  if (truncated) placing.flags |= kFlagTruncatedCandidates;
  if (submission.fingerprint.is_short()) placing.flags |= kFlagShortText;

  std::vector<Verdict> verdicts;
  for (const Candidate& candidate : candidates) {
    verdicts.push_back(Hear(candidate, submission, except));
  }
  const Verdict* joined = nullptr;
  for (const Verdict& verdict : verdicts) {
    if (!verdict.joins) continue;
    const auto rank = [](const Verdict& v) {
      return std::tuple(!v.exact, -v.score, v.candidate->id);  // the smallest is joined
    };
    if (joined == nullptr || rank(verdict) < rank(*joined)) joined = &verdict;
  }
  for (const Verdict& verdict : verdicts) {
    if (&verdict == joined) continue;
    if (joined != nullptr && ProvedOne(*joined, verdict, except)) {
      placing.merges.push_back(verdict.candidate->id);
      continue;
    }
    const auto strongest = std::max_element(
        verdict.matches.begin(), verdict.matches.end(),
        [](const Match& a, const Match& b) { return Strength(a) < Strength(b); });
    if (strongest == verdict.matches.end() || strongest->relation == Relation::kUnique) continue;
    placing.links.push_back(*strongest);
    if (Joins(strongest->relation)) placing.links.back().relation = Relation::kOverlap;
  }
  if (fault_ == Fault::kNoLinks) placing.links.clear();
  std::stable_sort(placing.links.begin(), placing.links.end(),
                   [](const Match& a, const Match& b) { return Strength(a) > Strength(b); });
  if (placing.links.size() > kMaxLinks) placing.links.resize(kMaxLinks);
  if (!placing.links.empty()) placing.relation = placing.links.front().relation;
  if (joined != nullptr) {
    placing.cluster = joined->candidate->id;
    placing.best = joined->best;
    placing.matches = joined->matches;
    const auto first = std::find_if(placing.matches.begin(), placing.matches.end(),
                                    [](const Match& match) { return Joins(match.relation); });
    placing.relation = first->relation;
  }
  if (standing != nullptr && fault_ != Fault::kUpdatesFoundClusters) {
    PlaceUpdate(submission, *standing, &placing);
  }
  return placing;
}

// A document keeps its cluster while it is alone in it or still tells what it told.
void DecisionOracle::PlaceUpdate(const Submission& submission, const Document& standing,
                                 Placing* placing) const {
  const bool alone = MembersOf(standing.cluster).size() == 1;
  if (placing->cluster == standing.cluster) {
    placing->relation = Relation::kRevision;
  } else if (placing->cluster != ClusterId::kNone) {
    if (alone) placing->emptied = standing.cluster;
  } else {
    const Judgement judgement = JudgeTexts(submission.prepared->profile, standing.number);
    if (!alone && !judgement.same_article()) return;
    placing->cluster = standing.cluster;
    placing->relation = Relation::kRevision;
    Match match = MatchOf(standing.number, judgement);
    match.relation = Relation::kRevision;
    placing->matches.insert(placing->matches.begin(), std::move(match));
  }
}

}  // namespace wonbon::oracle
