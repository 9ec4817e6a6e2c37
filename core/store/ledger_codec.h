// Records of clusters, events, collections, and of the store itself as bytes. Pure functions; the
// same rules as document_codec.h.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "core/record.h"

namespace wonbon {

// Cluster or redirect; key: NumberKey of the cluster id. A redirect takes the place of the record
// of the cluster that was merged away.
//    0  version u8    1  kind u8: 1 = cluster, 2 = redirect
//   cluster:   2  reason u8     3  number of words u8     4  collection u32
//              8  canonical u64               16  pinned u64              24  sequence u64
//     each word:  act u8, sequence u64, said_us i64, actor string, note string, document_id string,
//                 clusters: their number as a varint, then u64 each
//   redirect:  2  to u64
void EncodeCluster(const ClusterRecord& cluster, std::string* out);
void EncodeRedirect(ClusterId to, std::string* out);
absl::StatusOr<std::variant<ClusterRecord, Redirect>> DecodeCluster(ClusterId id,
                                                                    std::string_view bytes);

// All events of one sequence in one collection; key: collection u32 and sequence u64, big-endian,
// so that the events of a collection lie together, in order.
//    0  version u8    1  number of events, varint
//   each:  type u8, cluster u64, other_cluster u64, committed_us i64, document_id string
struct EventKey {
  CollectionNumber collection{};
  Sequence sequence = 0;
};
std::string EncodeEventKey(EventKey key);
EventKey DecodeEventKey(std::string_view key);  // zeros for anything but 12 bytes
void EncodeEvents(absl::Span<const ClusterEvent* const> events, std::string* out);
// Appends to `events`.
absl::Status DecodeEvents(EventKey key, std::string_view bytes, std::vector<ClusterEvent>* events);

// Collection; key: "c", then its number, u32 big-endian.
//    0  version u8    1  created_at time    13  retention duration    25  name string
//       preferred publishers, wire publishers: their number as a varint, then a string each
//       publisher_ranks: u64 for each publisher of both lists
std::string CollectionKey(CollectionNumber number);
void EncodeCollection(const CollectionRecord& collection, std::string* out);
absl::StatusOr<CollectionRecord> DecodeCollection(CollectionNumber number, std::string_view bytes);

// Where a collection's events were dropped; key: "e", then its number, u32 big-endian.
//    0  version u8    1  sequence u64 of the last event dropped
std::string DroppedEventsKey(CollectionNumber number);
void EncodeDroppedEvents(Sequence through, std::string* out);
absl::StatusOr<Sequence> DecodeDroppedEvents(std::string_view bytes);

// Founder that was removed before a blob of document frequencies counted it; key: "r", then its
// number, u64 big-endian. Goes when such a blob is written.
//    0  version u8    1  counted shingles (see change_codec.h)
std::string RemovedFounderKey(DocumentNumber number);
void EncodeRemovedFounder(const std::vector<uint32_t>& counted, std::string* out);
absl::StatusOr<std::vector<uint32_t>> DecodeRemovedFounder(std::string_view bytes);

// Family; key: "f", then the number of its oldest text, u64 big-endian.
//    0  version u8    1  full u8    2  collection u32    6  number of texts, varint
//   each text:  number u64, cluster u64
//   each pair of them (record.h):  score, i16 in two bytes
//   each pair of them:  shared, u16
std::string FamilyKey(DocumentNumber number);
void EncodeFamily(const FamilyRecord& family, std::string* out);
absl::StatusOr<FamilyRecord> DecodeFamily(std::string_view bytes);

// Blob; key: "b", then its name. Value: its bytes. (Key "u" belongs to tables.cc.)
std::string BlobKey(std::string_view name);

// State of the store, rewritten in every batch; key: "s".
//    0  version u8    1  last_sequence u64    9  documents u64    17  events u64
//   25  last_time_us i64
//   33  number of marks, varint; each: sequence u64, events u64
struct StoreState {
  Sequence last_sequence = 0;
  uint64_t documents = 0;  // live ones
  uint64_t events = 0;     // ever written
  int64_t last_time_us = 0;  // of the last Change
  // `events` events had been written by the end of `sequence`: where old events may be cut off.
  // Ascending.
  struct EventMark {
    Sequence sequence = 0;
    uint64_t events = 0;
  };
  std::vector<EventMark> marks;
};
inline constexpr std::string_view kStateKey = "s";
void EncodeState(const StoreState& state, std::string* out);
absl::StatusOr<StoreState> DecodeState(std::string_view bytes);

}  // namespace wonbon
