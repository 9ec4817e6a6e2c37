// Records of one document as bytes: entry, content, fingerprint, and what its id leads to. Pure
// functions. Encode* append to `out`. Decode* answer DATA_LOSS, "byte N: ...", for bytes that
// Encode* did not make; the caller adds which record it was. Notation: see bytes.h.
//
// Every record starts with its version within the format (format.h), 1 today. A reader knows all
// versions up to its own.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/record.h"
#include "core/store/bytes.h"
#include "core/store/snapshot.h"

namespace wonbon {

// Key of entries, contents, bodies, fingerprints and clusters: 8 bytes, big-endian, so that the
// order of keys is the order of numbers.
std::string NumberKey(uint64_t number);
// 0 for anything but 8 bytes.
uint64_t KeyNumber(std::string_view key);

// Time and duration: 12 bytes, seconds (i64) and nanoseconds (u32) since 1970; infinite ones have
// the largest or smallest seconds. Finer than a nanosecond is cut off.
void EncodeTime(absl::Time time, ByteWriter* writer);
absl::Time DecodeTime(ByteReader* reader);
void EncodeDuration(absl::Duration duration, ByteWriter* writer);
absl::Duration DecodeDuration(ByteReader* reader);

// Entry, 84 bytes; the only record of a document that is ever rewritten.
//    0  version u8    1  relation u8    2  flags u8    3  bits u8: 1 founded, the others
//       version_mark
//    4  collection u32                  8  cluster u64
//   16  zero u64, not read            24  sequence u64
//   32  bands u32                      36  shingles u32
//   40  headline_key u32               44  published_us i64        52  first_published_us i64
//   60  received_us i64                68  url_key u64             76  publisher_key u64
inline constexpr size_t kEntryBytes = 84;
void EncodeEntry(const DocumentEntry& entry, std::string* out);
absl::StatusOr<DocumentEntry> DecodeEntry(DocumentNumber number, std::string_view bytes);

// Content: what was submitted, without the body, and what was answered.
//    0  version u8    1  content_type u8    2  bits u8: 1 has published_at    3  zero u8
//    4  identity: text u128, content u128, headline u64, publisher u64, article_url u64
//   60  published_at time, 12 bytes (zero where it has none)
//   72  strings: id, title, publisher, url, byline, section
//       labels: their number as a varint, then key and value of each
//       matches, links: their number as a varint, each:
//           number u64, relation u8, jaccard, containment, containment_in, score f64
//       merged clusters: their number as a varint, u64 each
//       moved documents: how many as a varint, those that are named as a varint, u64 each
void EncodeContent(const DocumentContent& content, std::string* out);
absl::StatusOr<DocumentContent> DecodeContent(std::string_view bytes);

// Fingerprint.
//    0  version u8    1  bits u8: 1 has a sketch    2  size of the sample u16
//    4  shingles u32                        8  url_key u64
//   16  exact_key u128                     32  sketch, 256 bytes, if it has one (short ones do not)
//       sample: u32 each, ascending
void EncodeFingerprint(const Fingerprint& fingerprint, std::string* out);
absl::StatusOr<Fingerprint> DecodeFingerprint(std::string_view bytes);

// Id: what it leads to. Key: collection u32 big-endian, then the id.
//    0  version u8    1  kind u8: 1 = live, 2 = tombstone, 3 = tombstone of a blocked id
//   live:       2  number u64
//   tombstones: 2  sequence u64    10  deleted_at time    22  reason string
std::string IdKey(CollectionNumber collection, std::string_view id);
void EncodeLiveId(DocumentNumber number, std::string* out);
void EncodeTombstone(const Tombstone& tombstone, std::string* out);
absl::StatusOr<StoreSnapshot::IdState> DecodeId(CollectionNumber collection, std::string_view id,
                                                std::string_view bytes);

}  // namespace wonbon
