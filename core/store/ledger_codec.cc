#include "core/store/ledger_codec.h"

#include "core/limits.h"
#include "core/store/bytes.h"
#include "core/store/document_codec.h"
#include "core/store/rice.h"

namespace wonbon {
namespace {

constexpr uint8_t kVersion = 1;
constexpr uint8_t kCluster = 1;
constexpr uint8_t kRedirect = 2;
constexpr size_t kMinEventBytes = 26;
constexpr size_t kMarkBytes = 16;
constexpr size_t kFamilyTextBytes = 16;

std::string PrefixedKey(char prefix, CollectionNumber number) {
  return prefix + NumberKey(static_cast<uint32_t>(number)).substr(4);
}

void EncodeStrings(const std::vector<std::string>& strings, ByteWriter* writer) {
  writer->Varint(strings.size());
  for (const std::string& string : strings) writer->String(string);
}

EditorWord DecodeWord(ByteReader* reader) {
  EditorWord word;
  const uint8_t act = reader->U8();
  if (act < static_cast<uint8_t>(EditorialAct::kPin) ||
      act > static_cast<uint8_t>(EditorialAct::kSplit)) {
    reader->Fail("unknown act of an editor");
  }
  word.act = static_cast<EditorialAct>(act);
  word.sequence = reader->U64();
  word.said_us = reader->I64();
  word.actor = reader->String();
  word.note = reader->String();
  word.document_id = reader->String();
  const uint64_t clusters = reader->Varint();
  if (clusters > reader->remaining() / sizeof(uint64_t)) reader->Fail("more clusters than bytes");
  for (uint64_t i = 0; i < clusters && !reader->failed(); ++i) {
    word.clusters.push_back(ClusterId{reader->U64()});
  }
  return word;
}

std::vector<std::string> DecodeStrings(ByteReader* reader) {
  std::vector<std::string> strings;
  const uint64_t size = reader->Varint();
  if (size > reader->remaining()) reader->Fail("more strings than bytes");
  for (uint64_t i = 0; i < size && !reader->failed(); ++i) strings.emplace_back(reader->String());
  return strings;
}

}  // namespace

void EncodeCluster(const ClusterRecord& cluster, std::string* out) {
  ByteWriter writer(out);
  writer.U8(kVersion);
  writer.U8(kCluster);
  writer.U8(cluster.reason);
  writer.U8(static_cast<uint8_t>(cluster.words.size()));
  writer.U32(static_cast<uint32_t>(cluster.collection));
  writer.U64(static_cast<uint64_t>(cluster.canonical));
  writer.U64(static_cast<uint64_t>(cluster.pinned));
  writer.U64(cluster.sequence);
  for (const EditorWord& word : cluster.words) {
    writer.U8(static_cast<uint8_t>(word.act));
    writer.U64(word.sequence);
    writer.I64(word.said_us);
    writer.String(word.actor);
    writer.String(word.note);
    writer.String(word.document_id);
    writer.Varint(word.clusters.size());
    for (const ClusterId id : word.clusters) writer.U64(static_cast<uint64_t>(id));
  }
}

void EncodeRedirect(ClusterId to, std::string* out) {
  ByteWriter writer(out);
  writer.U8(kVersion);
  writer.U8(kRedirect);
  writer.U64(static_cast<uint64_t>(to));
}

absl::StatusOr<std::variant<ClusterRecord, Redirect>> DecodeCluster(ClusterId id,
                                                                    std::string_view bytes) {
  ByteReader reader(bytes);
  std::variant<ClusterRecord, Redirect> result;
  reader.Version(kVersion);
  const uint8_t kind = reader.U8();
  if (kind == kCluster) {
    ClusterRecord cluster;
    cluster.id = id;
    cluster.reason = reader.U8();
    const uint8_t words = reader.U8();
    cluster.collection = CollectionNumber{reader.U32()};
    cluster.canonical = DocumentNumber{reader.U64()};
    cluster.pinned = DocumentNumber{reader.U64()};
    cluster.sequence = reader.U64();
    for (uint8_t i = 0; i < words && !reader.failed(); ++i) {
      cluster.words.push_back(DecodeWord(&reader));
    }
    result = cluster;
  } else if (kind == kRedirect) {
    result = Redirect{id, ClusterId{reader.U64()}};
  } else {
    reader.Fail("neither a cluster nor a redirect");
  }
  if (absl::Status status = reader.Finish(); !status.ok()) return status;
  return result;
}

std::string EncodeEventKey(EventKey key) {
  return NumberKey(static_cast<uint32_t>(key.collection)).substr(4) + NumberKey(key.sequence);
}

EventKey DecodeEventKey(std::string_view key) {
  if (key.size() != 12) return {};
  const uint64_t head = KeyNumber(key.substr(0, 8));
  return {CollectionNumber{static_cast<uint32_t>(head >> 32)}, KeyNumber(key.substr(4))};
}

void EncodeEvents(absl::Span<const ClusterEvent* const> events, std::string* out) {
  ByteWriter writer(out);
  writer.U8(kVersion);
  writer.Varint(events.size());
  for (const ClusterEvent* event : events) {
    writer.U8(static_cast<uint8_t>(event->type));
    writer.U64(static_cast<uint64_t>(event->cluster));
    writer.U64(static_cast<uint64_t>(event->other_cluster));
    writer.I64(event->committed_us);
    writer.String(event->document_id);
  }
}

absl::Status DecodeEvents(EventKey key, std::string_view bytes, std::vector<ClusterEvent>* events) {
  ByteReader reader(bytes);
  reader.Version(kVersion);
  const uint64_t size = reader.Varint();
  if (size > reader.remaining() / kMinEventBytes) reader.Fail("more events than bytes");
  for (uint64_t i = 0; i < size && !reader.failed(); ++i) {
    ClusterEvent& event = events->emplace_back();
    event.sequence = key.sequence;
    event.collection = key.collection;
    const uint8_t type = reader.U8();
    if (type < static_cast<uint8_t>(EventType::kCreated) ||
        type > static_cast<uint8_t>(EventType::kUnpinned)) {
      reader.Fail("unknown type of event");
    }
    event.type = static_cast<EventType>(type);
    event.cluster = ClusterId{reader.U64()};
    event.other_cluster = ClusterId{reader.U64()};
    event.committed_us = reader.I64();
    event.document_id = reader.String();
  }
  return reader.Finish();
}

std::string CollectionKey(CollectionNumber number) { return PrefixedKey('c', number); }

void EncodeCollection(const CollectionRecord& collection, std::string* out) {
  ByteWriter writer(out);
  writer.U8(kVersion);
  EncodeTime(collection.created_at, &writer);
  EncodeDuration(collection.settings.retention, &writer);
  writer.String(collection.name);
  EncodeStrings(collection.settings.preferred_publishers, &writer);
  EncodeStrings(collection.settings.wire_publishers, &writer);
  for (const uint64_t key : collection.publisher_ranks) writer.U64(key);
}

absl::StatusOr<CollectionRecord> DecodeCollection(CollectionNumber number, std::string_view bytes) {
  ByteReader reader(bytes);
  CollectionRecord collection;
  collection.number = number;
  reader.Version(kVersion);
  collection.created_at = DecodeTime(&reader);
  collection.settings.retention = DecodeDuration(&reader);
  collection.name = reader.String();
  collection.settings.preferred_publishers = DecodeStrings(&reader);
  collection.settings.wire_publishers = DecodeStrings(&reader);
  const size_t publishers = collection.settings.preferred_publishers.size() +
                            collection.settings.wire_publishers.size();
  for (size_t i = 0; i < publishers && !reader.failed(); ++i) {
    collection.publisher_ranks.push_back(reader.U64());
  }
  if (absl::Status status = reader.Finish(); !status.ok()) return status;
  return collection;
}

std::string DroppedEventsKey(CollectionNumber number) { return PrefixedKey('e', number); }

void EncodeDroppedEvents(Sequence through, std::string* out) {
  ByteWriter writer(out);
  writer.U8(kVersion);
  writer.U64(through);
}

absl::StatusOr<Sequence> DecodeDroppedEvents(std::string_view bytes) {
  ByteReader reader(bytes);
  reader.Version(kVersion);
  const Sequence through = reader.U64();
  if (absl::Status status = reader.Finish(); !status.ok()) return status;
  return through;
}

std::string RemovedFounderKey(DocumentNumber number) {
  return "r" + NumberKey(static_cast<uint64_t>(number));
}

void EncodeRemovedFounder(const std::vector<uint32_t>& counted, std::string* out) {
  ByteWriter writer(out);
  writer.U8(kVersion);
  EncodeAscending(counted, &writer);
}

absl::StatusOr<std::vector<uint32_t>> DecodeRemovedFounder(std::string_view bytes) {
  ByteReader reader(bytes);
  reader.Version(kVersion);
  std::vector<uint32_t> counted = DecodeAscending(kMaxCountedShingles, &reader);
  if (absl::Status status = reader.Finish(); !status.ok()) return status;
  return counted;
}

std::string FamilyKey(DocumentNumber number) {
  return "f" + NumberKey(static_cast<uint64_t>(number));
}

void EncodeFamily(const FamilyRecord& family, std::string* out) {
  ByteWriter writer(out);
  writer.U8(kVersion);
  writer.U8(family.full ? 1 : 0);
  writer.U32(static_cast<uint32_t>(family.collection));
  writer.Varint(family.texts.size());
  for (const FamilyText& text : family.texts) {
    writer.U64(static_cast<uint64_t>(text.number));
    writer.U64(static_cast<uint64_t>(text.cluster));
  }
  for (const int16_t score : family.scores) writer.Raw(&score, sizeof score);
  for (const uint16_t shared : family.shared) writer.Raw(&shared, sizeof shared);
}

absl::StatusOr<FamilyRecord> DecodeFamily(std::string_view bytes) {
  ByteReader reader(bytes);
  FamilyRecord family;
  reader.Version(kVersion);
  family.full = reader.U8() != 0;
  family.collection = CollectionNumber{reader.U32()};
  const uint64_t texts = reader.Varint();
  if (texts == 0) reader.Fail("a family without texts");
  if (texts > reader.remaining() / kFamilyTextBytes) reader.Fail("more texts than bytes");
  for (uint64_t i = 0; i < texts && !reader.failed(); ++i) {
    FamilyText& text = family.texts.emplace_back();
    text.number = DocumentNumber{reader.U64()};
    text.cluster = ClusterId{reader.U64()};
    if (i > 0 && text.number <= family.texts[i - 1].number) reader.Fail("texts out of order");
  }
  const uint64_t pairs = texts * (texts - 1) / 2;
  for (uint64_t i = 0; i < pairs && !reader.failed(); ++i) {
    reader.Raw(&family.scores.emplace_back(), sizeof(int16_t));
  }
  for (uint64_t i = 0; i < pairs && !reader.failed(); ++i) {
    reader.Raw(&family.shared.emplace_back(), sizeof(uint16_t));
  }
  if (absl::Status status = reader.Finish(); !status.ok()) return status;
  return family;
}

std::string BlobKey(std::string_view name) { return std::string("b").append(name); }

void EncodeState(const StoreState& state, std::string* out) {
  ByteWriter writer(out);
  writer.U8(kVersion);
  writer.U64(state.last_sequence);
  writer.U64(state.documents);
  writer.U64(state.events);
  writer.I64(state.last_time_us);
  writer.Varint(state.marks.size());
  for (const auto& mark : state.marks) {
    writer.U64(mark.sequence);
    writer.U64(mark.events);
  }
}

absl::StatusOr<StoreState> DecodeState(std::string_view bytes) {
  ByteReader reader(bytes);
  StoreState state;
  reader.Version(kVersion);
  state.last_sequence = reader.U64();
  state.documents = reader.U64();
  state.events = reader.U64();
  state.last_time_us = reader.I64();
  const uint64_t marks = reader.Varint();
  if (marks > reader.remaining() / kMarkBytes) reader.Fail("more marks than bytes");
  for (uint64_t i = 0; i < marks && !reader.failed(); ++i) {
    StoreState::EventMark& mark = state.marks.emplace_back();
    mark.sequence = reader.U64();
    mark.events = reader.U64();
  }
  if (absl::Status status = reader.Finish(); !status.ok()) return status;
  return state;
}

}  // namespace wonbon
