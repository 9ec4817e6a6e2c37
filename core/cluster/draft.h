// A change in the making: documents added, removed and moved, then the clusters they touch put in
// order again (repaired, split, merged, canonical copies elected). Which postings the index gains
// and loses by all this is decided here, and nowhere else.
//
// Belongs to one thread. Add/Remove/Merge first, Settle once, then Take. It only reads: a draft
// that is dropped has changed nothing, and the numbers it drew are free.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/check.h"
#include "core/cluster/election.h"
#include "core/cluster/repair_judgements.h"
#include "core/decision.h"
#include "core/state/state.h"

namespace wonbon {

class Draft {
 public:
  // `view`, `fetch` and `repairs` outlive the draft. `rarity` is what members are judged with.
  // `repairs` keeps what they were judged; null: the draft does.
  Draft(const View* view, const DocumentFetcher* fetch, std::shared_ptr<const Rarity> rarity,
        int64_t now_us, RepairJudgements* repairs = nullptr);
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;
  // Drawn for this change: the number of the document it adds, the id of the cluster that it
  // founds.
  Sequence number() const { return number_; }

  // Why a document goes.
  enum class Removal { kDeleted, kExpired, kReplaced };
  void Remove(const DocumentEntry& entry, Removal why, RemovedDocument removed);
  // Adds a document to the cluster that its entry names; a cluster of its own number is founded.
  // Which of its band keys are posted is settled here.
  void Add(NewDocument document);
  // Moves all documents of `from` to `to` and redirects it. REQUIRES: to is older.
  void Merge(ClusterId from, ClusterId to);

  // Repairs and elects. An error (a failed read of the store; ABORTED where `repairs` wants to
  // judge first): drop the draft.
  absl::Status Settle();
  absl::StatusOr<Change> Take();

  // After Settle.
  const DocumentEntry& added() const { return added_entry_; }
  const ClusterRecord& RecordOf(ClusterId id) const { return CheckAt(clusters_, id).record; }
  // Where the change leaves a document that stood in cluster `was`.
  ClusterId ClusterOf(DocumentNumber number, ClusterId was) const;
  size_t SizeOf(ClusterId id) const { return CheckAt(clusters_, id).members.size(); }

 private:
  struct Cluster {
    ClusterRecord record;  // canonical: as it was before
    std::vector<DocumentEntry> members;  // ascending by number
    bool is_new = false;
    bool shaken = false;  // it lost a document that others were judged against
    std::vector<DocumentEntry> lost;
  };
  Cluster& Touch(ClusterId id, CollectionNumber collection);
  Sequence Draw() { return ++last_drawn_; }
  const CollectionRecord& CollectionOf(const Cluster& cluster) const;
  absl::Status Repair(ClusterId id);
  // Of each member, whether it agrees with `canonical`.
  absl::StatusOr<std::vector<bool>> WhoAgrees(const Cluster& cluster,
                                              DocumentNumber canonical) const;
  static bool IsMember(const Cluster& cluster, DocumentNumber number);
  std::optional<absl::uint128> TextKeyOf(DocumentNumber number) const;
  absl::Status Split(ClusterId from, std::vector<DocumentEntry> leaving, ClusterId split_id);
  void PostKeysOfLost(Cluster& cluster);
  absl::StatusOr<Election> ElectFrom(const Cluster& cluster) const;
  absl::Status ElectCanonical(Cluster& cluster);
  absl::Status SetCanonical(Cluster& cluster, const Election& election);
  void TakeMembers();
  absl::Status TakeSamples();
  absl::Status MoveSample(DocumentNumber number, bool posted);
  absl::StatusOr<std::string> IdOf(DocumentNumber number) const;
  void Note(EventType type, const ClusterRecord& cluster, std::string document_id,
            ClusterId other = ClusterId::kNone);
  void SetChanged(const DocumentEntry& entry) { changed_.insert(entry.number); }

  const View* const view_;
  const DocumentFetcher* const fetch_;
  RepairJudgements own_repairs_;
  RepairJudgements* const repairs_;
  const int64_t now_us_;
  Sequence last_drawn_;
  const Sequence number_;
  std::map<ClusterId, Cluster> clusters_;
  std::set<DocumentNumber> changed_;
  DocumentEntry added_entry_;
  ClusterId replaced_in_ = ClusterId::kNone;  // where the version stood that an update replaces
  Change change_;
};

}  // namespace wonbon
