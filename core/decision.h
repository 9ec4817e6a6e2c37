// The answer to a submission: which cluster, which canonical copy, how related, and why.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "core/record.h"
#include "core/relation.h"

namespace wonbon {

enum class Outcome : uint8_t { kCreated = 1, kUpdated = 2, kUnchanged = 3 };

// Why a document stands for its cluster. Values as in wonbon.v1.CanonicalReason; stored on disk.
enum class CanonicalReason : uint8_t {
  kOnlyDocument = 1,
  kPinned = 2,
  kPreferredPublisher = 3,
  kWireOrigin = 4,
  kComplete = 5,
  kEarliest = 6,
  kSmallestId = 7,
  kLatestRevision = 8,
};

struct CanonicalCopy {
  DocumentNumber number = DocumentNumber::kNone;  // of the version that stands
  std::string document_id;
  std::string title;
  std::string publisher;
  std::string url;
  std::optional<absl::Time> published_at;
  std::string body;  // only where asked for
  CanonicalReason reason = CanonicalReason::kOnlyDocument;
};

// The submitted document against an earlier one. Shares and scores are 0 to 1.
struct Match {
  DocumentNumber number = DocumentNumber::kNone;  // of the version that was judged
  std::string document_id;
  ClusterId cluster = ClusterId::kNone;
  Relation relation = Relation::kUnique;
  double jaccard = 0;
  double containment = 0;     // share of the submitted document found in the match
  double containment_in = 0;  // share of the match found in it
  double score = 0;           // probability that the two are the same article
};

class StoreSnapshot;
// Where the canonical copy's body is read from: packed, where it was not written yet when the
// decision was made; else as document canonical.number of `store`.
struct BodyLocation {
  std::shared_ptr<const StoreSnapshot> store;
  std::string packed;
};

struct Decision {
  std::string document_id;
  Outcome outcome = Outcome::kCreated;
  Relation relation = Relation::kUnique;
  ClusterId cluster = ClusterId::kNone;  // kNone: a Check of a document that would found a cluster
  bool is_canonical = false;
  CanonicalCopy canonical;
  // Until Engine::FillBody has read it, where the body was asked for.
  std::optional<BodyLocation> canonical_body;
  std::optional<Match> best_match;
  std::vector<Match> matches;  // at most kMaxMatches
  std::vector<Match> links;    // at most kMaxLinks
  std::vector<ClusterId> merged;
  std::vector<std::string> moved_ids;  // at most kMaxMovedIds
  uint32_t moved_documents = 0;        // all of them
  uint32_t cluster_size = 0;
  Sequence sequence = 0;
  uint8_t flags = 0;  // kFlag... of core/record.h
};

struct StoredDocument {
  Document document;
  ClusterId cluster = ClusterId::kNone;
  std::string canonical_document_id;
  Relation relation = Relation::kUnique;
  Sequence sequence = 0;
  absl::Time received_at;
  uint8_t flags = 0;
};

struct ClusterMember {
  std::string document_id;
  Relation relation = Relation::kUnique;
  Sequence sequence = 0;
};

struct ClusterView {
  ClusterId id = ClusterId::kNone;
  CanonicalCopy canonical;
  uint32_t size = 0;
  Sequence sequence = 0;
  std::string pinned_id;          // of the pinned document; empty: there is none
  std::vector<EditorWord> words;  // oldest first
  absl::Time last_received;       // when its newest document arrived
  std::vector<ClusterMember> members;  // only where asked for, at most kMaxPageSize
};

}  // namespace wonbon
