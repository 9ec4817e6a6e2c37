// What the engine must decide, the slow and obvious way: documents in a std::map, candidates by
// looking at every document, every cluster gathered anew each time it is asked for. One collection,
// one thread, no disk, no cache, no group.
//
// Texts are canonicalised, keyed and judged by the product's own functions, which have tests of
// their own; what is told again here are the rules around them: candidates, placement, merges,
// election, repair, postings, tombstones, redirects, versions, expiry. The table of document
// frequencies is the empty one, so that sequences must found fewer clusters than the engine's first
// snapshot of it needs (RarityKeeper).
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
  kFounderIsNotAsked,
  kNoMerge,
  kNoRepair,
  kNoLinks,
  kUpdatesFoundClusters,
  kTombstonesAreForgotten,
  kRetentionCountsFromArrival,
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

  struct Document {
    DocumentNumber number = DocumentNumber::kNone;
    std::shared_ptr<const PreparedDocument> prepared;
    Fingerprint fingerprint;
    ClusterId cluster = ClusterId::kNone;
    DocumentNumber joined_to = DocumentNumber::kNone;
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

    const wonbon::Document& text() const { return prepared->content.document; }
  };
  struct Cluster {
    DocumentNumber canonical = DocumentNumber::kNone;
    CanonicalReason reason = CanonicalReason::kOnlyDocument;
    Sequence sequence = 0;
  };

  const std::map<DocumentNumber, Document>& documents() const { return documents_; }
  const std::map<ClusterId, Cluster>& clusters() const { return clusters_; }
  const std::map<std::string, DocumentNumber>& ids() const { return ids_; }
  const std::map<ClusterId, ClusterId>& redirects() const { return redirects_; }
  // In the order of their numbers.
  std::vector<DocumentNumber> MembersOf(ClusterId id) const;
  uint64_t splits() const { return splits_; }

 private:
  struct Hit;
  struct Candidate;
  struct Verdict;
  struct Placing;
  // What a change has touched so far.
  struct Touched {
    std::set<ClusterId> clusters;
    std::set<ClusterId> shaken;  // lost a document that others were judged against
    std::map<ClusterId, std::vector<Document>> lost;
    std::set<DocumentNumber> changed;
  };

  std::map<DocumentNumber, Hit> LookUp(const Fingerprint& fingerprint) const;
  std::vector<Candidate> FindCandidates(const Fingerprint& fingerprint, DocumentNumber except,
                                        bool* truncated) const;
  bool Weigh(const Fingerprint& fingerprint, DocumentNumber except, Candidate* candidate) const;
  Judgement JudgeTexts(const Profile& document, DocumentNumber earlier) const;
  bool SameArticle(DocumentNumber a, DocumentNumber b) const;
  Match MatchOf(DocumentNumber number, const Judgement& judgement) const;
  Verdict Hear(const Candidate& candidate, const Submission& submission,
               DocumentNumber except) const;
  bool ProvedOne(const Verdict& joined, const Verdict& other, DocumentNumber except) const;
  Placing Place(const Submission& submission, const Document* standing) const;
  void PlaceUpdate(const Submission& submission, const Document& standing, Placing* placing) const;

  Decision Answer(const Document& document, Outcome outcome) const;
  bool IsExpired(const Document& document, int64_t now_us) const;
  void Remove(DocumentNumber number, Touched* touched);
  void MergeAll(Placing* placing, Touched* touched);
  void PostBands(Document* added) const;
  void PassBandsOn(ClusterId id, DocumentNumber added, Touched* touched);
  // Puts the clusters in order and closes the change.
  void Settle(DocumentNumber added, Touched touched);
  void Repair(ClusterId id, Touched* touched);
  void ElectCanonical(ClusterId id);
  std::pair<DocumentNumber, CanonicalReason> Elect(
      const std::vector<DocumentNumber>& numbers) const;

  const CollectionSettings settings_;
  const Fault fault_;
  const Rarity rarity_;
  Sequence last_drawn_;
  uint64_t splits_ = 0;
  std::map<DocumentNumber, Document> documents_;
  std::map<ClusterId, Cluster> clusters_;
  std::map<std::string, DocumentNumber> ids_;
  std::set<std::string> tombstones_;
  std::map<ClusterId, ClusterId> redirects_;
};

}  // namespace wonbon::oracle
