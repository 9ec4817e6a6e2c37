// What wonbon remembers: the records that the store keeps and the memory state holds, and Change,
// the one way they change. Value types; copied freely.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/time/time.h"
#include "core/document.h"
#include "core/limits.h"
#include "core/relation.h"
#include "core/sketch/fingerprint.h"

namespace wonbon {

// Commit number: a total order of changes per server, from 1. Document numbers and cluster ids are
// drawn from the same counter, so that each is unique for ever and older means smaller.
using Sequence = uint64_t;
enum class DocumentNumber : uint64_t { kNone = 0 };  // one version of one document
enum class ClusterId : uint64_t { kNone = 0 };
enum class CollectionNumber : uint32_t {};

// Bits of DocumentEntry::flags, stored on disk.
inline constexpr uint8_t kFlagTruncatedCandidates = 1;
inline constexpr uint8_t kFlagShortText = 2;

// The small part of a document, in memory for every live one. Only cluster, joined_to, relation,
// sequence and bands ever change.
struct DocumentEntry {
  DocumentNumber number = DocumentNumber::kNone;
  CollectionNumber collection{};
  ClusterId cluster = ClusterId::kNone;
  DocumentNumber joined_to = DocumentNumber::kNone;  // the match that put it into its cluster
  Sequence sequence = 0;                             // last change
  Relation relation = Relation::kUnique;             // as decided
  uint8_t flags = 0;
  bool founded = false;          // it founded a cluster
  bool has_published_at = false;
  uint32_t bands = 0;            // BandMask: band keys posted for it
  uint32_t shingles = 0;         // distinct shingles: its length, in the sense of completeness
  int64_t published_us = 0;      // published_at, or received_us; micro-seconds since 1970
  int64_t first_published_us = 0;  // that of its first revision
  int64_t received_us = 0;
  uint64_t url_key = 0;          // Fingerprint::url_key
  uint64_t publisher_key = 0;    // PublisherKey(publisher), 0 without one

  // The documents whose shingles make the document frequencies: when they are submitted, and
  // again when the index is rebuilt.
  bool is_counted_in_rarity() const { return founded && shingles >= kMinShingles; }
};

struct ClusterRecord {
  ClusterId id = ClusterId::kNone;
  CollectionNumber collection{};
  DocumentNumber canonical = DocumentNumber::kNone;
  DocumentNumber pinned = DocumentNumber::kNone;
  uint8_t reason = 0;  // CanonicalReason (core/decision.h)
  Sequence sequence = 0;
};

struct CollectionSettings {
  std::vector<std::string> preferred_publishers;
  std::vector<std::string> wire_publishers;
  absl::Duration retention = absl::ZeroDuration();  // zero: documents do not expire
};

struct CollectionRecord {
  CollectionNumber number{};
  std::string name;
  CollectionSettings settings;
  absl::Time created_at;
};

struct Tombstone {
  CollectionNumber collection{};
  std::string id;
  std::string reason;
  absl::Time deleted_at;
  Sequence sequence = 0;
};

// The values are stored on disk and equal those of wonbon.v1.ClusterEventType.
enum class EventType : uint8_t {
  kCreated = 1,
  kJoined = 2,
  kLeft = 3,
  kMerged = 4,
  kSplit = 5,
  kCanonicalChanged = 6,
  kDeleted = 7,
  kExpired = 8,
};

struct ClusterEvent {
  Sequence sequence = 0;
  EventType type = EventType::kCreated;
  CollectionNumber collection{};
  ClusterId cluster = ClusterId::kNone;
  std::string document_id;                    // may be empty
  ClusterId other_cluster = ClusterId::kNone;  // MERGED: redirects from now on; SPLIT: split off
  int64_t committed_us = 0;
};

// What is stored of a document besides its entry; never changes.
struct DocumentContent {
  Document document;          // `body` is empty where only the head was read
  absl::uint128 content_key;  // of every submitted field: tells UNCHANGED from UPDATED
};

struct NewDocument {
  DocumentEntry entry;
  DocumentContent content;  // `content.document.body` is empty: packed_body holds it
  std::string packed_body;  // PackBody(body)
  Fingerprint fingerprint;
};

struct RemovedDocument {
  DocumentNumber number = DocumentNumber::kNone;
  CollectionNumber collection{};
  std::string id;
  std::optional<Tombstone> tombstone;  // a deletion leaves one; expiry and a new version do not
};

struct Redirect {
  ClusterId from = ClusterId::kNone;
  ClusterId to = ClusterId::kNone;
};

// Everything one command changes; applied whole or not at all. Within one Change a removed document
// and an added one may carry the same id: the id then leads to the added one.
struct Change {
  Sequence sequence = 0;  // commit number: the last number drawn for it
  std::vector<NewDocument> added;
  std::vector<DocumentEntry> changed;
  std::vector<RemovedDocument> removed;
  std::vector<ClusterRecord> clusters;  // created or changed
  std::vector<Redirect> redirects;      // merged clusters; their records go
  std::vector<ClusterId> dropped;       // clusters whose last document is gone
  std::vector<ClusterEvent> events;
  std::vector<CollectionRecord> collections;            // created or changed
  std::vector<CollectionNumber> dropped_collections;    // empty by then
};

}  // namespace wonbon
