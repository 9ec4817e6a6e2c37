// What the engine must decide, the slow and obvious way: documents in a std::map, candidates by
// looking at every document, every cluster gathered anew each time it is asked for. One collection,
// one thread, no disk, no cache, no group.
//
// Texts are canonicalised, keyed and judged by the product's own functions, which have tests of
// their own; what is told again here are the rules around them: candidates, families, their
// partition, ids, election, postings, tombstones, redirects, versions, expiry. The table of
// document frequencies is the empty one, so that sequences must found fewer clusters than the
// engine's first snapshot of it needs (RarityKeeper).
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/cluster/submission.h"
#include "core/decision.h"
#include "core/judge/judge.h"

namespace wonbon::oracle {

// A rule that the oracle gets wrong on purpose, to prove that a comparison notices.
enum class Fault {
  kNone,
  kLatestIsCanonical,
  kCutCopiesStand,
  kTailsMakeFuller,
  kUrlsAloneTellVersions,
  kOneAgreementJoins,
  kYoungestIdStays,
  kFamiliesOutliveTheirTexts,
  kCorrectionsAreGuarded,
  kNoLinks,
  kUpdatesFoundClusters,
  kTombstonesAreForgotten,
  kRetentionCountsFromArrival,
  kSplitsAreForgotten,
  kMergesAreForgotten,
  kPinsAreForgotten,
};

// Not thread-safe.
class DecisionOracle {
 public:
  // `last_sequence`: of the engine as the sequence begins; its numbers are drawn from there on.
  DecisionOracle(CollectionSettings settings, Sequence last_sequence, Fault fault = Fault::kNone);

  // `submission`: what Engine::Prepare makes of the document. FAILED_PRECONDITION where its time is
  // past the retention.
  absl::StatusOr<Decision> Submit(const Submission& submission, int64_t now_us);
  // Whether the document was there; NOT_FOUND where the id never was.
  absl::StatusOr<bool> Delete(const std::string& id);
  // How many went.
  uint64_t Expire(int64_t now_us);

  // An editor's words, about the clusters of documents. NOT_FOUND where one of the ids has none.
  struct Edited {
    ClusterId cluster = ClusterId::kNone;
    ClusterId split_off = ClusterId::kNone;
    std::vector<ClusterId> merged;
  };
  absl::StatusOr<Edited> Pin(const std::string& id);
  absl::StatusOr<Edited> Unpin(const std::string& id);
  absl::StatusOr<Edited> MergeClusters(const std::string& id, const std::string& other_id);
  // FAILED_PRECONDITION where nothing would stay.
  absl::StatusOr<Edited> SplitCluster(const std::string& id);

  struct Document {
    DocumentNumber number = DocumentNumber::kNone;
    std::shared_ptr<const PreparedDocument> prepared;
    Fingerprint fingerprint;
    ClusterId cluster = ClusterId::kNone;
    Relation relation = Relation::kUnique;
    uint8_t flags = 0;
    Sequence sequence = 0;
    int64_t published_us = 0;
    int64_t first_published_us = 0;
    int64_t received_us = 0;
    uint32_t bands = 0;  // those whose keys are posted for it
    std::vector<Match> matches;
    std::vector<Match> links;
    std::vector<ClusterId> merged;
    uint64_t moved = 0;

    const wonbon::Document& text() const { return prepared->content.document; }
  };
  struct Cluster {
    DocumentNumber canonical = DocumentNumber::kNone;
    CanonicalReason reason = CanonicalReason::kOnlyDocument;
    Sequence sequence = 0;
    DocumentNumber pinned = DocumentNumber::kNone;
    std::vector<std::pair<Sequence, EditorialAct>> words;
  };

  const std::map<DocumentNumber, Document>& documents() const { return documents_; }
  const std::map<ClusterId, Cluster>& clusters() const { return clusters_; }
  const std::map<std::string, DocumentNumber>& ids() const { return ids_; }
  const std::map<ClusterId, ClusterId>& redirects() const { return redirects_; }
  // In the order of their numbers.
  std::vector<DocumentNumber> MembersOf(ClusterId id) const;
  // Documents moved to other clusters by partitions.
  uint64_t moves() const { return moves_; }

 private:
  struct Hit;
  struct Candidate;
  struct Verdict;
  // Texts by the oldest documents that have them, ascending.
  struct Family {
    std::vector<DocumentNumber> texts;
    bool full = false;
  };
  using Blocks = std::vector<std::vector<DocumentNumber>>;
  // What a change has touched so far.
  struct Touched {
    std::set<ClusterId> clusters;
    std::map<ClusterId, std::vector<Document>> lost;
    std::set<DocumentNumber> changed;
    std::vector<ClusterId> merged;
    ClusterId replaced_in = ClusterId::kNone;  // where the version stood that is replaced
    std::vector<DocumentNumber> left;          // texts of the family that lost one
    Family behind;                             // all of it, where it is full as well
    std::map<DocumentNumber, int> words;       // an editor's, about the version that is replaced
    bool replaces = false;
    bool pin_follows = false;                  // the version that is replaced was pinned
    uint64_t moved = 0;                        // documents, to other clusters
  };

  std::map<DocumentNumber, Hit> LookUp(const Fingerprint& fingerprint) const;
  std::vector<Candidate> FindCandidates(const Fingerprint& fingerprint, DocumentNumber except,
                                        bool* truncated) const;
  void KeepMostPromising(const Fingerprint& fingerprint, std::vector<Candidate>* found) const;
  bool Weigh(const Fingerprint& fingerprint, DocumentNumber except, Candidate* candidate) const;
  Judgement JudgeTexts(const Profile& document, DocumentNumber earlier) const;
  Match MatchOf(DocumentNumber number, const Judgement& judgement) const;
  std::vector<Verdict> Hear(const std::vector<Candidate>& candidates, const Profile& document,
                            DocumentNumber except, std::set<DocumentNumber>* told) const;
  Document Made(const Submission& submission, const Document* standing, int64_t now_us) const;
  // Whom the document was judged against, as its answer tells it.
  void Tell(const std::set<DocumentNumber>& told, Document* added) const;

  // Of a cluster, or of its one text.
  Family FamilyOf(ClusterId cluster) const;
  // Where the document that was added belongs, by these clusters of the same article.
  void Join(DocumentNumber added, const std::vector<ClusterId>& clusters,
            std::set<DocumentNumber>* told, Touched* touched);
  ClusterId BestBlock(const Family& family, DocumentNumber added) const;
  bool Corrects(const Document& added, const Document& standing) const;
  // Of the document that is being added with another one.
  int ScoreOfAdded(DocumentNumber added, DocumentNumber text) const;
  void TakeFromFamily(const Document& gone, Touched* touched);
  std::map<DocumentNumber, int> WordsOf(const Document& replaced) const;
  void AddNamedKin(const Touched& touched, DocumentNumber added,
                   std::set<DocumentNumber>* texts);
  // The word of an editor on a family is followed, and kept with these clusters' documents.
  void FollowWord(const std::vector<DocumentNumber>& texts,
                  const std::vector<DocumentNumber>& about, EditorialAct act, Touched* touched);
  std::vector<Family> ConnectedParts(const Family& family) const;
  Blocks Partitioned(const std::vector<DocumentNumber>& texts) const;
  void Regroup(const std::vector<Family>& parts, DocumentNumber added, Touched* touched);
  void MoveDocuments(const std::map<DocumentNumber, size_t>& block_of,
                     const std::vector<ClusterId>& ids,
                     const std::map<ClusterId, size_t>& redirects, Touched* touched);
  ClusterId IdOfItsOwn(DocumentNumber added, const Touched& touched) const;
  void PutAdded(DocumentNumber added, ClusterId id, Touched* touched);
  void Merge(ClusterId from, ClusterId to, Touched* touched);

  Decision Answer(const Document& document, Outcome outcome) const;
  bool IsExpired(const Document& document, int64_t now_us) const;
  void Remove(DocumentNumber number, Touched* touched);
  void RegroupLeft(Touched* touched);
  void PostBands(Document* added) const;
  void PassBandsOn(ClusterId id, DocumentNumber added, Touched* touched);
  // Puts the clusters in order and closes the change.
  void Settle(DocumentNumber added, Touched touched);
  void ElectCanonical(ClusterId id);
  std::map<DocumentNumber, uint32_t> AgreedTexts(ClusterId cluster, uint32_t* most) const;
  std::pair<DocumentNumber, CanonicalReason> Elect(ClusterId cluster) const;

  const CollectionSettings settings_;
  const Fault fault_;
  const Rarity rarity_;
  Sequence last_drawn_;
  uint64_t moves_ = 0;
  std::map<DocumentNumber, Document> documents_;
  std::map<ClusterId, Cluster> clusters_;
  std::map<std::string, DocumentNumber> ids_;
  std::set<std::string> tombstones_;
  std::map<ClusterId, ClusterId> redirects_;
  std::vector<Family> families_;
  std::shared_ptr<const PreparedDocument> corrected_;  // by the document that is being added
  std::map<std::pair<DocumentNumber, DocumentNumber>, int> scores_;  // of texts, both ways round
  std::map<std::pair<DocumentNumber, DocumentNumber>, uint32_t> shared_;  // shingles, likewise
};

}  // namespace wonbon::oracle
