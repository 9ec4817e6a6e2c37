#include "core/cluster/candidates.h"

#include <algorithm>
#include <bit>
#include <tuple>

#include "absl/container/btree_map.h"
#include "core/check.h"
#include "core/limits.h"

namespace wonbon {
namespace {

struct ClusterHits {
  CandidateCluster candidate;
  int bands = 0;
  int shared_sample = 0;
  DocumentNumber sampled = DocumentNumber::kNone;  // the member that shares most of the sample
};

// The member with the most equal bins; the oldest of several. In a large cluster the oldest and the
// newest half of kMaxScannedMembers are compared.
std::pair<DocumentNumber, int> ClosestMember(const State& state, const ClusterState& cluster,
                                             const ShortSketch& sketch, DocumentNumber except) {
  std::pair<DocumentNumber, int> closest{DocumentNumber::kNone, -1};
  const size_t size = cluster.members.size();
  for (size_t i = 0; i < size; ++i) {
    if (size > kMaxScannedMembers && i == kMaxScannedMembers / 2) i = size - kMaxScannedMembers / 2;
    const DocumentNumber number = cluster.members[i];
    if (number == except || IsShortText(CheckNotNull(state.FindEntry(number)).shingles)) continue;
    const int equal = EqualBins(sketch, CheckNotNull(state.FindSketch(number)));
    if (equal > closest.second) closest = {number, equal};
  }
  return closest;
}

void GatherHits(const State& state, const std::vector<DocumentHit>& hits, DocumentNumber except,
                absl::btree_map<ClusterId, ClusterHits>* clusters) {
  for (const DocumentHit& hit : hits) {
    if (hit.number == except) continue;
    ClusterHits& found = (*clusters)[CheckNotNull(state.FindEntry(hit.number)).cluster];
    if (hit.exact && !found.candidate.exact) {
      found.candidate.exact = true;
      found.candidate.closest = hit.number;
    }
    if (hit.same_url) found.candidate.same_url = hit.number;
    found.bands = std::max(found.bands, hit.bands);
    if (hit.shared_sample > found.shared_sample) {
      found.shared_sample = hit.shared_sample;
      found.sampled = hit.number;
    }
  }
}

// How many shingles the shorter of the document and the member that shares its sample has.
uint32_t ShorterShingles(const State& state, const Fingerprint& fingerprint,
                         const ClusterHits& hits) {
  if (hits.sampled == DocumentNumber::kNone) return fingerprint.shingles;
  return std::min(fingerprint.shingles, CheckNotNull(state.FindEntry(hits.sampled)).shingles);
}

// Chooses the member to judge and weighs the cluster; false where it is chance.
bool Weigh(const State& state, const Fingerprint& fingerprint, const ShortSketch& sketch,
           DocumentNumber except, ClusterHits& hits) {
  CandidateCluster& candidate = hits.candidate;
  const FoundCluster cluster = state.FindCluster(candidate.id);
  candidate.canonical = cluster->record.canonical;
  candidate.founder = cluster->members.front();
  if (candidate.exact) return true;
  if (!fingerprint.is_short()) {
    const auto [closest, equal] = ClosestMember(state, *cluster, sketch, except);
    candidate.closest = closest;
    const double estimated = equal < 0 ? 0 : EstimateJaccard(equal);
    if (estimated >= kMinEstimatedJaccard) candidate.jaccard = estimated;
  }
  const uint32_t shorter = ShorterShingles(state, fingerprint, hits);
  const double whole = static_cast<double>(shorter) / kSampleRate;
  candidate.contained =
      std::min(1.0, hits.shared_sample / std::clamp(whole, 1.0, kFullSharedSample));
  if (candidate.jaccard == 0 && hits.sampled != DocumentNumber::kNone) {
    candidate.closest = hits.sampled;
  }
  if (candidate.closest == DocumentNumber::kNone) candidate.closest = candidate.same_url;
  const int needed = shorter >= kLongShingles ? kMinSharedSampleOfLong : 1;
  return candidate.closest != DocumentNumber::kNone &&
         (candidate.jaccard > 0 || candidate.same_url != DocumentNumber::kNone ||
          hits.shared_sample >= needed);
}

// Calls visit(bin) for every bin in which two sketches agree.
template <typename Visit>
void ForEachAgreeing(const ShortSketch& a, const ShortSketch& b, Visit visit) {
  const AgreeingBins agreeing = Agreeing(a, b);
  for (int word = 0; word < static_cast<int>(agreeing.size()); ++word) {
    for (uint64_t left = agreeing[word]; left != 0; left &= left - 1) {
      visit(word * 32 + std::countr_zero(left) / 2);
    }
  }
}

// How much each cluster shares that few of the others do, by the sketches: every bin in which the
// closest member agrees counts, the more the fewer agree in it.
void WeighRarity(const State& state, const ShortSketch& sketch,
                 std::vector<CandidateCluster>* clusters) {
  static_assert(kMaxCandidateClusters <= kRarestBin);
  std::array<uint8_t, kSketchBins> agreeing{};
  for (const CandidateCluster& cluster : *clusters) {
    if (cluster.jaccard == 0) continue;
    ForEachAgreeing(sketch, CheckNotNull(state.FindSketch(cluster.closest)),
                    [&agreeing](int bin) { ++agreeing[bin]; });
  }
  std::array<uint8_t, kSketchBins> weights;
  for (int i = 0; i < kSketchBins; ++i) weights[i] = kRarestBin / std::max<int>(agreeing[i], 1);
  for (CandidateCluster& cluster : *clusters) {
    if (cluster.jaccard == 0) continue;
    ForEachAgreeing(sketch, CheckNotNull(state.FindSketch(cluster.closest)),
                    [&](int bin) { cluster.rarity += weights[bin]; });
  }
}

// Leaves those clusters that are judged. Whether there were more.
//
// In a form with many stories neither the sample nor the Jaccard similarity tells a story's own
// cluster from the others, but its names do, and they are in bins where hardly another agrees. What
// contains the text, or stands in it, has little Jaccard similarity, and must not be lost behind a
// form.
bool KeepMostPromising(const State& state, const ShortSketch& sketch,
                       std::vector<CandidateCluster>* clusters) {
  if (clusters->size() <= kMaxJudgedClusters) return false;
  WeighRarity(state, sketch, clusters);
  const auto by_sketch = [](const CandidateCluster& cluster) {
    return std::tuple(!cluster.exact, -cluster.rarity, -cluster.contained, cluster.id);
  };
  const auto by_sample = [](const CandidateCluster& cluster) {
    return std::tuple(-cluster.contained, cluster.jaccard, cluster.id);
  };
  std::ranges::sort(*clusters, {}, by_sketch);
  std::ranges::sort(clusters->begin() + (kMaxJudgedClusters - kJudgedBySample), clusters->end(),
                    {}, by_sample);
  clusters->resize(kMaxJudgedClusters);
  return true;
}

}  // namespace

Candidates FindCandidates(const State& state, CollectionNumber collection,
                          const Fingerprint& fingerprint, DocumentNumber except) {
  std::vector<DocumentHit> hits;
  state.FindHits(collection, fingerprint, &hits);
  absl::btree_map<ClusterId, ClusterHits> by_cluster;
  GatherHits(state, hits, except, &by_cluster);
  Candidates candidates{.except = except};
  candidates.url_known = std::any_of(hits.begin(), hits.end(), [except](const DocumentHit& hit) {
    return hit.same_url && hit.number != except;
  });

  std::vector<ClusterHits> found;
  for (auto& [id, cluster] : by_cluster) {
    cluster.candidate.id = id;
    found.push_back(cluster);
  }
  if (found.size() > kMaxCandidateClusters) {
    candidates.truncated = true;
    std::stable_sort(found.begin(), found.end(), [](const ClusterHits& a, const ClusterHits& b) {
      return std::tuple(a.candidate.exact, a.bands, a.shared_sample) >
             std::tuple(b.candidate.exact, b.bands, b.shared_sample);
    });
    found.resize(kMaxCandidateClusters);
  }
  const ShortSketch sketch(fingerprint.sketch);
  for (ClusterHits& cluster : found) {
    if (Weigh(state, fingerprint, sketch, except, cluster)) {
      candidates.clusters.push_back(cluster.candidate);
    }
  }
  candidates.truncated |= KeepMostPromising(state, sketch, &candidates.clusters);
  return candidates;
}

}  // namespace wonbon
