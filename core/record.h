// What wonbon remembers: the records that the store keeps and the memory state holds, and Change,
// the one way they change. Value types; copied freely.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "core/document.h"
#include "core/identity/identity.h"
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

// The small part of a document, in memory for every live one. Only cluster, sequence and bands ever
// change.
struct DocumentEntry {
  DocumentNumber number = DocumentNumber::kNone;
  CollectionNumber collection{};
  uint32_t headline_key = 0;  // of Identity::headline the lower half
  ClusterId cluster = ClusterId::kNone;
  Sequence sequence = 0;                  // last change
  Relation relation = Relation::kUnique;  // as decided
  uint8_t flags = 0;
  bool founded = false;          // it founded a cluster
  uint8_t version_mark = 0;      // Profile::version_mark
  uint32_t bands = 0;            // BandMask: band keys posted for it
  uint32_t shingles = 0;         // distinct shingles: its length, in the sense of completeness
  int64_t published_us = 0;      // published_at, or received_us; micro-seconds since 1970
  int64_t first_published_us = 0;  // that of its first revision
  int64_t received_us = 0;
  uint64_t url_key = 0;            // Identity::article_url
  uint64_t publisher_key = 0;      // Identity::publisher

  // The documents whose shingles make the document frequencies: when they are submitted, and
  // again when the index is rebuilt.
  bool is_counted_in_rarity() const { return founded && !IsShortText(shingles); }
};

// What an editor did to a cluster. Values as in wonbon.v1.EditorialAct; stored on disk.
enum class EditorialAct : uint8_t { kPin = 1, kUnpin = 2, kMerge = 3, kSplit = 4 };

// Who says an editor's word, and why.
struct Editor {
  std::string actor;
  std::string note;
};

// An editor's word, for people to read: who, when and why. What it does is done by
// ClusterRecord::pinned and by the scores of families.
struct EditorWord {
  EditorialAct act = EditorialAct::kPin;
  Sequence sequence = 0;
  int64_t said_us = 0;
  std::string actor;
  std::string note;
  std::string document_id;  // of a pin: who stands from now on, or stood until now
  // Of a merge those that redirect since, of a split the other of the two.
  std::vector<ClusterId> clusters;
  friend bool operator==(const EditorWord&, const EditorWord&) = default;
};

struct ClusterRecord {
  ClusterId id = ClusterId::kNone;
  CollectionNumber collection{};
  DocumentNumber canonical = DocumentNumber::kNone;
  DocumentNumber pinned = DocumentNumber::kNone;
  uint8_t reason = 0;  // CanonicalReason (core/decision.h)
  Sequence sequence = 0;
  std::vector<EditorWord> words;  // the newest kMaxEditorWords, oldest first
};

// A text of a family: one or more documents that have it. The pair scores stand for the oldest.
struct FamilyText {
  DocumentNumber number = DocumentNumber::kNone;  // the oldest document with this text
  ClusterId cluster = ClusterId::kNone;           // where all of them are
  friend bool operator==(const FamilyText&, const FamilyText&) = default;
};

// Texts connected by judgements "the same article", and how each pair of them was judged
// (core/cluster/family.h). A text that is connected to no other one is in no family, but
// where the rest of a full one is gone. Known by its oldest text.
struct FamilyRecord {
  CollectionNumber collection{};
  std::vector<FamilyText> texts;  // ascending by number
  std::vector<int16_t> scores;    // of text i with an earlier j at i * (i - 1) / 2 + j
  std::vector<uint16_t> shared;   // the same: distinct shingles that both have, 65,535 at most
  bool full = false;              // a text had to be left out: the clusters stay as they are

  DocumentNumber number() const { return texts.front().number; }
  friend bool operator==(const FamilyRecord&, const FamilyRecord&) = default;
};

struct CollectionSettings {
  std::vector<std::string> preferred_publishers;
  std::vector<std::string> wire_publishers;
  absl::Duration retention = absl::ZeroDuration();  // zero: documents do not expire
};

// Settings to be changed; those without a value stay as they are.
struct SettingsUpdate {
  std::optional<std::vector<std::string>> preferred_publishers = {};
  std::optional<std::vector<std::string>> wire_publishers = {};
  std::optional<absl::Duration> retention = {};
};

struct CollectionRecord {
  CollectionNumber number{};
  std::string name;
  CollectionSettings settings;
  absl::Time created_at;
  // Identity::publisher of each preferred publisher, then of each agency, in their order.
  std::vector<uint64_t> publisher_ranks;
};

struct Tombstone {
  CollectionNumber collection{};
  std::string id;
  std::string reason;
  absl::Time deleted_at;
  Sequence sequence = 0;
  bool blocked = false;  // the id is not taken again until it is unblocked
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
  kPinned = 9,
  kUnpinned = 10,
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

// A judgement that an answer told: of the submitted document to an earlier one.
struct Evidence {
  // The document's own number stands for the version of it that it replaced.
  DocumentNumber number = DocumentNumber::kNone;
  Relation relation = Relation::kUnique;
  double jaccard = 0;
  double containment = 0;
  double containment_in = 0;
  double score = 0;
};

// What was answered when a document was submitted, so that the same submission again is answered
// alike, whatever became of the clusters and postings by which it was found.
struct AnswerRecord {
  std::vector<Evidence> matches;   // at most kMaxMatches
  std::vector<Evidence> links;     // at most kMaxLinks
  std::vector<ClusterId> merged;
  std::vector<DocumentNumber> moved;  // at most kMaxMovedIds
  uint32_t moved_documents = 0;       // all of them
};

// What is stored of a document besides its entry; never changes.
struct DocumentContent {
  Document document;  // `body` is empty where only the head was read
  Identity identity;  // made when it was submitted
  AnswerRecord answer;
};

struct NewDocument {
  DocumentEntry entry;
  DocumentContent content;  // `content.document.body` is empty: packed_body holds it
  std::string packed_body;  // PackBody(body)
  Fingerprint fingerprint;
  // What document frequencies count of it (Rarity::Counted); empty where entry.is_counted_in_rarity
  // says no.
  std::vector<uint32_t> counted_shingles;
};

struct RemovedDocument {
  DocumentNumber number = DocumentNumber::kNone;
  CollectionNumber collection{};
  std::string id;
  std::optional<Tombstone> tombstone;  // a deletion leaves one; expiry and a new version do not
  // Of a document whose counted shingles are in no saved table of document frequencies yet: they
  // still count after a restart, when its text is gone.
  std::vector<uint32_t> counted_shingles;
};

struct Redirect {
  ClusterId from = ClusterId::kNone;
  ClusterId to = ClusterId::kNone;
};

// Band keys that are posted from now on for a document that was there before.
struct BandPosting {
  DocumentNumber number = DocumentNumber::kNone;
  uint32_t bands = 0;  // BandMask
};

// The containment postings of a document come, as it becomes canonical, or go.
struct SamplePosting {
  DocumentNumber number = DocumentNumber::kNone;
  bool posted = false;
  std::vector<uint32_t> sample;  // Fingerprint::sample
};

// Everything one command changes; applied whole or not at all. Applying it needs nothing else: no
// decision, no clock, no text. Within one Change a removed document and an added one may carry the
// same id: the id then leads to the added one.
//
// Index postings: an added document posts its exact key, its url key and the bands of its entry, a
// removed one takes all that it has posted along; everything else is told by the two lists.
struct Change {
  Sequence sequence = 0;  // commit number: the last number drawn for it
  Sequence previous = 0;  // of the change that it was decided after, 0 for the first
  int64_t time_us = 0;    // when it was decided; never before the time of an earlier change
  std::vector<NewDocument> added;
  std::vector<Tombstone> tombstones;  // of ids without a document: blocked, or unblocked
  std::vector<DocumentEntry> changed;
  std::vector<RemovedDocument> removed;
  std::vector<ClusterRecord> clusters;  // created or changed
  std::vector<Redirect> redirects;      // merged clusters; their records go
  std::vector<ClusterId> dropped;       // clusters whose last document is gone
  std::vector<FamilyRecord> families;   // new or changed
  std::vector<DocumentNumber> dropped_families;  // first; one of the same number may come
  std::vector<BandPosting> band_postings;
  std::vector<SamplePosting> sample_postings;  // in this order: one document's may go and come
  std::vector<ClusterEvent> events;
  std::vector<CollectionRecord> collections;            // created or changed
  std::vector<CollectionNumber> dropped_collections;    // empty by then
};

}  // namespace wonbon
