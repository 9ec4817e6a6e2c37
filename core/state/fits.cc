#include "core/state/fits.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"

namespace wonbon {
namespace {

class Fitting {
 public:
  Fitting(const State& state, const Change& change) : state_(state), change_(change) {}

  absl::Status Check() {
    for (const CollectionNumber number : change_.dropped_collections) Collection(number);
    for (const ClusterRecord& cluster : change_.clusters) {
      Collection(cluster.collection);
      Document(cluster.canonical);
      if (cluster.pinned != DocumentNumber::kNone) Document(cluster.pinned);
    }
    for (const NewDocument& added : change_.added) {
      Collection(added.entry.collection);
      Cluster(added.entry.cluster);
      if (state_.FindEntry(added.entry.number).has_value()) {
        Fail("document is there already: ", static_cast<uint64_t>(added.entry.number));
      }
    }
    for (const DocumentEntry& entry : change_.changed) {
      Standing(entry.number);
      Cluster(entry.cluster);
    }
    for (const RemovedDocument& removed : change_.removed) Standing(removed.number);
    for (const Redirect& redirect : change_.redirects) {
      StandingCluster(redirect.from);
      Cluster(redirect.to);
    }
    for (const ClusterId id : change_.dropped) StandingCluster(id);
    for (const FamilyRecord& family : change_.families) {
      Collection(family.collection);
      for (const FamilyText& text : family.texts) {
        Document(text.number);
        Cluster(text.cluster);
      }
    }
    for (const BandPosting& posting : change_.band_postings) Standing(posting.number);
    for (const SamplePosting& posting : change_.sample_postings) Document(posting.number);
    return status_;
  }

 private:
  void Fail(const char* what, uint64_t number) {
    if (!status_.ok()) return;
    status_ = absl::DataLossError(absl::StrCat("change ", change_.sequence,
                                               " does not fit the state: ", what, number));
  }
  void Collection(CollectionNumber number) {
    if (state_.FindCollection(number) == nullptr) {
      Fail("no collection ", static_cast<uint64_t>(number));
    }
  }
  void Standing(DocumentNumber number) {
    if (!state_.FindEntry(number).has_value()) Fail("no document ", static_cast<uint64_t>(number));
  }
  void Document(DocumentNumber number) {
    const bool is_added =
        std::any_of(change_.added.begin(), change_.added.end(),
                    [number](const NewDocument& added) { return added.entry.number == number; });
    if (!is_added) Standing(number);
  }
  void StandingCluster(ClusterId id) {
    if (!state_.FindCluster(id)) Fail("no cluster ", static_cast<uint64_t>(id));
  }
  void Cluster(ClusterId id) {
    const bool is_changed =
        std::any_of(change_.clusters.begin(), change_.clusters.end(),
                    [id](const ClusterRecord& cluster) { return cluster.id == id; });
    if (!is_changed) StandingCluster(id);
  }

  const State& state_;
  const Change& change_;
  absl::Status status_;
};

}  // namespace

absl::Status CheckFits(const State& state, const Change& change) {
  return Fitting(state, change).Check();
}

}  // namespace wonbon
