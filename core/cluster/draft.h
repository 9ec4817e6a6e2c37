// A change in the making: documents added and removed, the families they touch partitioned anew,
// then the clusters that this touches put in order (moved, merged, split, canonical copies
// elected). Which postings the index gains and loses by all this is decided here, and nowhere else.
//
// Belongs to one thread. Remove first, then Add, Settle once, then Take. It only reads: a draft
// that is dropped has changed nothing, and the numbers it drew are free.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/check.h"
#include "core/cluster/election.h"
#include "core/cluster/family.h"
#include "core/decision.h"
#include "core/state/state.h"

namespace wonbon {

// Where an added document belongs.
struct Destination {
  ClusterId cluster = ClusterId::kNone;  // it joins this one: the family's partition stays
  // Else that of its text, the text itself among them (cluster kNone); without texts it has none.
  FamilyRecord family;
  bool url_known = true;  // a document that is there may have its url
};

class Draft {
 public:
  // `view` outlives the draft.
  Draft(const View* view, int64_t now_us);
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;
  // Drawn for this change: the number of the document it adds, the id of the cluster that it
  // founds.
  Sequence number() const { return number_; }

  // Why a document goes.
  enum class Removal { kDeleted, kExpired, kReplaced };
  void Remove(const DocumentEntry& entry, Removal why, RemovedDocument removed);
  // The family of a cluster, or that of its one text, after Remove; of a cluster that this left
  // empty, what is left of the family that it was of.
  FamilyRecord FamilyLeft(ClusterId cluster) const;
  void Add(NewDocument document, Destination destination);
  // A text was left out of this family for its size: it stays as it stands from now on.
  void LeaveAsItStands(FamilyRecord family);
  // An editor's words are among the scores of this family: they are followed.
  void Follow(FamilyRecord family) { destination_.family = std::move(family); }
  // `number`: a member, or kNone.
  absl::Status Pin(ClusterId cluster, DocumentNumber number);
  // What editors said of the version that was removed, with its texts; after Remove.
  const std::vector<PairWord>& words() const { return words_; }

  // Partitions, moves and elects. An error (a failed read of the store): drop the draft.
  absl::Status Settle();
  absl::StatusOr<Change> Take();

  // After Settle. What it says of its relation may still be filled in.
  NewDocument& added() { return change_.added.front(); }
  const NewDocument& added() const { return change_.added.front(); }
  const ClusterRecord& RecordOf(ClusterId id) const { return CheckAt(clusters_, id).record; }
  const std::vector<Redirect>& redirects() const { return change_.redirects; }
  // The cluster of the version that was replaced, under the id that it has now; else kNone.
  ClusterId replaced_in() const { return replaced_in_; }
  // After Settle: what an editor did to a cluster is kept with it.
  void Sign(ClusterId cluster, EditorWord word);
  // Documents that were in other clusters before, the first kMaxMovedIds in the order of their
  // moves, and how many there are; those of merged clusters are not among them.
  struct Moved {
    DocumentNumber number = DocumentNumber::kNone;
    std::string document_id;
  };
  const std::vector<Moved>& moved() const { return moved_; }
  uint32_t moved_documents() const { return moved_documents_; }
  // Where the change leaves a document.
  ClusterId ClusterOf(DocumentNumber number) const { return Entry(number).cluster; }
  size_t SizeOf(ClusterId id) const { return SizeOf(CheckAt(clusters_, id)); }

 private:
  struct Cluster {
    ClusterRecord record;              // canonical: as it was before
    FoundCluster before;               // none: it is new
    std::set<DocumentNumber> come;
    std::set<DocumentNumber> gone;     // of the members before
    std::vector<DocumentEntry> lost;   // those, as they were: their keys are others' from now on
  };
  using Blocks = std::map<DocumentNumber, size_t>;  // of the documents of a cluster
  using TextBlocks = std::vector<std::vector<FamilyText>>;
  Sequence Draw() { return ++last_drawn_; }
  Cluster& Touch(ClusterId id, CollectionNumber collection);
  DocumentEntry Entry(DocumentNumber number) const;
  DocumentEntry& Edit(DocumentNumber number);
  std::optional<absl::uint128> TextKeyOf(DocumentNumber number) const;
  // Calls visit(number) in ascending order, until it answers false.
  template <typename Visit>
  static void VisitMembers(const Cluster& cluster, Visit visit) {
    static const Members kNobody;
    const Members& before = cluster.before ? cluster.before->members : kNobody;
    auto come = cluster.come.begin();
    for (const DocumentNumber member : before) {
      for (; come != cluster.come.end() && *come < member; ++come) {
        if (!visit(*come)) return;
      }
      if (!cluster.gone.contains(member) && !visit(member)) return;
    }
    for (; come != cluster.come.end(); ++come) {
      if (!visit(*come)) return;
    }
  }
  static size_t SizeOf(const Cluster& cluster) {
    return (cluster.before ? cluster.before->members.size() : 0) -
           cluster.gone.size() + cluster.come.size();
  }
  bool IsAdded(DocumentNumber number) const {
    return !change_.added.empty() && added().entry.number == number;
  }

  // families
  void TakeFromFamily(const DocumentEntry& entry);
  void GatherWords(const DocumentEntry& replaced);
  absl::Status Regroup();
  absl::Status Rearrange(const std::vector<FamilyRecord>& parts);
  TextBlocks BlocksIn(const std::vector<FamilyRecord>& families) const;
  std::vector<size_t> InOrderOfTime(const FamilyRecord& family) const;
  Blocks BlocksOf(ClusterId id, const TextBlocks& blocks) const;
  absl::Status MoveInto(ClusterId to, const std::vector<DocumentNumber>& moved);
  absl::Status MoveBetween(ClusterId from, ClusterId to, DocumentNumber number);
  void Merge(ClusterId from, ClusterId to);
  ClusterId IdOfItsOwn() const;
  void PutAdded(ClusterId id);
  void KeepFamilies(std::vector<FamilyRecord> parts);

  // clusters
  void PostKeysOfLost(Cluster& cluster);
  void PostKeysOfAdded();
  bool OnlyJoined(const Cluster& cluster) const;
  bool StaysElected(const Cluster& cluster) const;
  bool IsNextOfSeries(const Cluster& cluster) const;
  absl::Status ElectCanonical(Cluster& cluster);
  absl::StatusOr<Election> ElectFrom(const Cluster& cluster) const;
  const FamilyRecord* FamilyNow(ClusterId cluster) const;
  KnownTexts TextsOf(ClusterId cluster) const;
  void TakeMembers();
  absl::Status TakeSamples();
  absl::Status MoveSample(DocumentNumber number, bool posted);
  absl::StatusOr<std::string> IdOf(DocumentNumber number) const;
  void Note(EventType type, const ClusterRecord& cluster, std::string document_id,
            ClusterId other = ClusterId::kNone);

  const View* const view_;
  const int64_t now_us_;
  Sequence last_drawn_;
  const Sequence number_;
  std::map<ClusterId, Cluster> clusters_;
  std::map<DocumentNumber, DocumentEntry> edited_;  // of documents that were there before
  Destination destination_;
  ClusterId replaced_in_ = ClusterId::kNone;  // where the version stood that an update replaces
  // What is left of the family that lost a document; as it is kept where its partition stays.
  std::optional<FamilyRecord> left_;
  bool lost_text_ = false;
  std::vector<PairWord> words_;
  bool pin_follows_ = false;  // the version that an update replaces was pinned
  std::vector<Moved> moved_;
  uint32_t moved_documents_ = 0;
  std::set<DocumentNumber> old_families_;  // those that change
  Change change_;
};

}  // namespace wonbon
