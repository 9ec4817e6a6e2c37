#include "core/store/document_codec.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "core/limits.h"

namespace wonbon {
namespace {

constexpr uint8_t kVersion = 1;
constexpr size_t kEvidenceBytes = 41;
constexpr uint8_t kFounded = 1;
constexpr int kMarkShift = 1;
constexpr uint8_t kContentHasPublishedAt = 1;
constexpr uint8_t kHasSketch = 1;
constexpr uint8_t kLive = 1;
constexpr uint8_t kDeleted = 2;
constexpr uint8_t kBlocked = 3;
constexpr uint32_t kNanosecondsPerSecond = 1'000'000'000;

void AppendBigEndian(uint64_t value, int bytes, std::string* out) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    out->push_back(static_cast<char>(value >> shift));
  }
}

Relation ReadRelation(ByteReader* reader) {
  const uint8_t relation = reader->U8();
  if (relation < static_cast<uint8_t>(Relation::kUnique) ||
      relation > static_cast<uint8_t>(Relation::kTemplate)) {
    reader->Fail("unknown relation");
  }
  return static_cast<Relation>(relation);
}

void EncodeEvidence(const std::vector<Evidence>& evidence, ByteWriter* writer) {
  writer->Varint(evidence.size());
  for (const Evidence& told : evidence) {
    writer->U64(static_cast<uint64_t>(told.number));
    writer->U8(static_cast<uint8_t>(told.relation));
    for (const double share : {told.jaccard, told.containment, told.containment_in, told.score}) {
      writer->F64(share);
    }
  }
}

std::vector<Evidence> DecodeEvidence(ByteReader* reader) {
  std::vector<Evidence> evidence;
  const uint64_t size = reader->Varint();
  if (size > reader->remaining() / kEvidenceBytes) reader->Fail("more matches than bytes");
  for (uint64_t i = 0; i < size && !reader->failed(); ++i) {
    Evidence& told = evidence.emplace_back();
    told.number = DocumentNumber{reader->U64()};
    told.relation = ReadRelation(reader);
    for (double* share :
         {&told.jaccard, &told.containment, &told.containment_in, &told.score}) {
      *share = reader->F64();
    }
  }
  return evidence;
}

void EncodeAnswer(const AnswerRecord& answer, ByteWriter* writer) {
  EncodeEvidence(answer.matches, writer);
  EncodeEvidence(answer.links, writer);
  writer->Varint(answer.merged.size());
  for (const ClusterId id : answer.merged) writer->U64(static_cast<uint64_t>(id));
  writer->Varint(answer.moved_documents);
  writer->Varint(answer.moved.size());
  for (const DocumentNumber number : answer.moved) writer->U64(static_cast<uint64_t>(number));
}

AnswerRecord DecodeAnswer(ByteReader* reader) {
  AnswerRecord answer;
  answer.matches = DecodeEvidence(reader);
  answer.links = DecodeEvidence(reader);
  const uint64_t merged = reader->Varint();
  if (merged > reader->remaining() / sizeof(uint64_t)) reader->Fail("more clusters than bytes");
  for (uint64_t i = 0; i < merged && !reader->failed(); ++i) {
    answer.merged.push_back(ClusterId{reader->U64()});
  }
  answer.moved_documents = static_cast<uint32_t>(reader->Varint());
  const uint64_t moved = reader->Varint();
  if (moved > reader->remaining() / sizeof(uint64_t)) reader->Fail("more documents than bytes");
  for (uint64_t i = 0; i < moved && !reader->failed(); ++i) {
    answer.moved.push_back(DocumentNumber{reader->U64()});
  }
  return answer;
}

void EncodeIdentity(const Identity& identity, ByteWriter* writer) {
  writer->U128(identity.text);
  writer->U128(identity.content);
  writer->U64(identity.headline);
  writer->U64(identity.publisher);
  writer->U64(identity.article_url);
}

Identity DecodeIdentity(ByteReader* reader) {
  Identity identity;
  identity.text = reader->U128();
  identity.content = reader->U128();
  identity.headline = reader->U64();
  identity.publisher = reader->U64();
  identity.article_url = reader->U64();
  return identity;
}

}  // namespace

std::string NumberKey(uint64_t number) {
  std::string key;
  AppendBigEndian(number, 8, &key);
  return key;
}

uint64_t KeyNumber(std::string_view key) {
  if (key.size() != 8) return 0;
  uint64_t number = 0;
  for (const char byte : key) number = number << 8 | static_cast<uint8_t>(byte);
  return number;
}

void EncodeDuration(absl::Duration duration, ByteWriter* writer) {
  absl::Duration rest;
  int64_t seconds = absl::IDivDuration(duration, absl::Seconds(1), &rest);
  if (rest < absl::ZeroDuration() && rest > -absl::InfiniteDuration()) {
    --seconds;
    rest += absl::Seconds(1);
  }
  const bool infinite = rest == absl::InfiniteDuration() || rest == -absl::InfiniteDuration();
  writer->I64(seconds);
  writer->U32(infinite ? 0 : static_cast<uint32_t>(absl::ToInt64Nanoseconds(rest)));
}

absl::Duration DecodeDuration(ByteReader* reader) {
  const int64_t seconds = reader->I64();
  const uint32_t nanoseconds = reader->U32();
  if (nanoseconds >= kNanosecondsPerSecond) reader->Fail("a second of more than 10^9 nanoseconds");
  if (seconds == std::numeric_limits<int64_t>::max()) return absl::InfiniteDuration();
  if (seconds == std::numeric_limits<int64_t>::min()) return -absl::InfiniteDuration();
  return absl::Seconds(seconds) + absl::Nanoseconds(nanoseconds);
}

void EncodeTime(absl::Time time, ByteWriter* writer) {
  EncodeDuration(time - absl::UnixEpoch(), writer);
}

absl::Time DecodeTime(ByteReader* reader) { return absl::UnixEpoch() + DecodeDuration(reader); }

void EncodeEntry(const DocumentEntry& entry, std::string* out) {
  ByteWriter writer(out);
  writer.U8(kVersion);
  writer.U8(static_cast<uint8_t>(entry.relation));
  writer.U8(entry.flags);
  const uint8_t founded = entry.founded ? kFounded : 0;
  writer.U8(static_cast<uint8_t>(entry.version_mark << kMarkShift | founded));
  writer.U32(static_cast<uint32_t>(entry.collection));
  writer.U64(static_cast<uint64_t>(entry.cluster));
  writer.U64(0);
  writer.U64(entry.sequence);
  writer.U32(entry.bands);
  writer.U32(entry.shingles);
  writer.U32(entry.headline_key);
  writer.I64(entry.published_us);
  writer.I64(entry.first_published_us);
  writer.I64(entry.received_us);
  writer.U64(entry.url_key);
  writer.U64(entry.publisher_key);
}

absl::StatusOr<DocumentEntry> DecodeEntry(DocumentNumber number, std::string_view bytes) {
  ByteReader reader(bytes);
  DocumentEntry entry;
  entry.number = number;
  reader.Version(kVersion);
  entry.relation = ReadRelation(&reader);
  entry.flags = reader.U8();
  const uint8_t bits = reader.U8();
  entry.founded = (bits & kFounded) != 0;
  entry.version_mark = bits >> kMarkShift;
  entry.collection = CollectionNumber{reader.U32()};
  entry.cluster = ClusterId{reader.U64()};
  reader.U64();
  entry.sequence = reader.U64();
  entry.bands = reader.U32();
  entry.shingles = reader.U32();
  entry.headline_key = reader.U32();
  entry.published_us = reader.I64();
  entry.first_published_us = reader.I64();
  entry.received_us = reader.I64();
  entry.url_key = reader.U64();
  entry.publisher_key = reader.U64();
  if (std::max({static_cast<uint64_t>(number), static_cast<uint64_t>(entry.cluster),
                entry.sequence}) > kMaxSequence) {
    reader.Fail("number past its limit");
  }
  if (absl::Status status = reader.Finish(); !status.ok()) return status;
  return entry;
}

void EncodeContent(const DocumentContent& content, std::string* out) {
  const Document& document = content.document;
  ByteWriter writer(out);
  writer.U8(kVersion);
  writer.U8(static_cast<uint8_t>(document.content_type));
  writer.U8(document.published_at.has_value() ? kContentHasPublishedAt : 0);
  writer.U8(0);
  EncodeIdentity(content.identity, &writer);
  EncodeTime(document.published_at.value_or(absl::UnixEpoch()), &writer);
  writer.String(document.id);
  writer.String(document.title);
  writer.String(document.publisher);
  writer.String(document.url);
  writer.String(document.byline);
  writer.String(document.section);
  writer.Varint(document.labels.size());
  for (const auto& [key, value] : document.labels) {
    writer.String(key);
    writer.String(value);
  }
  EncodeAnswer(content.answer, &writer);
}

absl::StatusOr<DocumentContent> DecodeContent(std::string_view bytes) {
  ByteReader reader(bytes);
  DocumentContent content;
  Document& document = content.document;
  reader.Version(kVersion);
  const uint8_t type = reader.U8();
  if (type > static_cast<uint8_t>(ContentType::kHtml)) reader.Fail("unknown content type");
  document.content_type = static_cast<ContentType>(type);
  const bool has_published_at = (reader.U8() & kContentHasPublishedAt) != 0;
  reader.U8();
  content.identity = DecodeIdentity(&reader);
  const absl::Time published_at = DecodeTime(&reader);
  if (has_published_at) document.published_at = published_at;
  document.id = reader.String();
  document.title = reader.String();
  document.publisher = reader.String();
  document.url = reader.String();
  document.byline = reader.String();
  document.section = reader.String();
  const uint64_t labels = reader.Varint();
  // Two lengths a label at least: damage cannot make this loop long.
  if (labels > reader.remaining() / 2) reader.Fail("more labels than bytes");
  for (uint64_t i = 0; i < labels && !reader.failed(); ++i) {
    const std::string_view key = reader.String();
    document.labels.emplace_back(key, reader.String());
  }
  content.answer = DecodeAnswer(&reader);
  if (absl::Status status = reader.Finish(); !status.ok()) return status;
  return content;
}

void EncodeFingerprint(const Fingerprint& fingerprint, std::string* out) {
  const bool has_sketch = !fingerprint.is_short();
  ByteWriter writer(out);
  writer.U8(kVersion);
  writer.U8(has_sketch ? kHasSketch : 0);
  const auto sample_size = static_cast<uint16_t>(fingerprint.sample.size());
  writer.Raw(&sample_size, sizeof sample_size);
  writer.U32(fingerprint.shingles);
  writer.U64(fingerprint.url_key);
  writer.U128(fingerprint.exact_key);
  if (has_sketch) writer.Raw(fingerprint.sketch.bins.data(), kSketchBins);
  writer.Raw(fingerprint.sample.data(), sample_size * sizeof(uint32_t));
}

absl::StatusOr<Fingerprint> DecodeFingerprint(std::string_view bytes) {
  ByteReader reader(bytes);
  absl::StatusOr<Fingerprint> result(absl::in_place);
  Fingerprint& fingerprint = *result;
  reader.Version(kVersion);
  const bool has_sketch = (reader.U8() & kHasSketch) != 0;
  uint16_t sample_size = 0;
  reader.Raw(&sample_size, sizeof sample_size);
  if (sample_size > kMaxSampleSize) reader.Fail("sample past its limit");
  fingerprint.shingles = reader.U32();
  fingerprint.url_key = reader.U64();
  fingerprint.exact_key = reader.U128();
  if (has_sketch) reader.Raw(fingerprint.sketch.bins.data(), kSketchBins);
  if (!reader.failed() && sample_size * sizeof(uint32_t) == reader.remaining()) {
    fingerprint.sample.resize(sample_size);
    reader.Raw(fingerprint.sample.data(), sample_size * sizeof(uint32_t));
    if (std::adjacent_find(fingerprint.sample.begin(), fingerprint.sample.end(),
                           std::greater_equal<>()) != fingerprint.sample.end()) {
      reader.Fail("sample out of order");
    }
  } else {
    reader.Fail("sample of another size");
  }
  if (absl::Status status = reader.Finish(); !status.ok()) return status;
  return result;
}

std::string IdKey(CollectionNumber collection, std::string_view id) {
  std::string key;
  key.reserve(4 + id.size());
  AppendBigEndian(static_cast<uint32_t>(collection), 4, &key);
  key.append(id);
  return key;
}

void EncodeLiveId(DocumentNumber number, std::string* out) {
  ByteWriter writer(out);
  writer.U8(kVersion);
  writer.U8(kLive);
  writer.U64(static_cast<uint64_t>(number));
}

void EncodeTombstone(const Tombstone& tombstone, std::string* out) {
  ByteWriter writer(out);
  writer.U8(kVersion);
  writer.U8(tombstone.blocked ? kBlocked : kDeleted);
  writer.U64(tombstone.sequence);
  EncodeTime(tombstone.deleted_at, &writer);
  writer.String(tombstone.reason);
}

absl::StatusOr<StoreSnapshot::IdState> DecodeId(CollectionNumber collection, std::string_view id,
                                                std::string_view bytes) {
  ByteReader reader(bytes);
  StoreSnapshot::IdState state;
  reader.Version(kVersion);
  const uint8_t kind = reader.U8();
  if (kind == kLive) {
    state = DocumentNumber{reader.U64()};
  } else if (kind == kDeleted || kind == kBlocked) {
    Tombstone tombstone;
    tombstone.collection = collection;
    tombstone.id = id;
    tombstone.sequence = reader.U64();
    tombstone.deleted_at = DecodeTime(&reader);
    tombstone.reason = reader.String();
    tombstone.blocked = kind == kBlocked;
    state = std::move(tombstone);
  } else {
    reader.Fail("unknown kind of id");
  }
  if (absl::Status status = reader.Finish(); !status.ok()) return status;
  return state;
}

}  // namespace wonbon
