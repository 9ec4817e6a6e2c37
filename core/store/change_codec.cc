#include "core/store/change_codec.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "core/limits.h"
#include "core/store/bytes.h"
#include "core/store/document_codec.h"
#include "core/store/ledger_codec.h"
#include "core/store/rice.h"
#include "xxhash.h"

namespace wonbon {
namespace {

constexpr uint8_t kVersion = 1;
constexpr size_t kHeadBytes = 9;  // version and checksum
constexpr uint8_t kPosted = 1;
constexpr uint8_t kSampleOfAdded = 2;

const NewDocument* FindAdded(const Change& change, DocumentNumber number) {
  const auto found =
      std::find_if(change.added.begin(), change.added.end(),
                   [number](const NewDocument& added) { return added.entry.number == number; });
  return found == change.added.end() ? nullptr : &*found;
}

class ChangeWriter {
 public:
  explicit ChangeWriter(std::string* out) : out_(*out), writer_(out) {}

  void Write(const Change& change);

 private:
  template <typename Items, typename Function>
  void List(const Items& items, Function write) {
    writer_.Varint(items.size());
    for (const auto& item : items) write(item);
  }
  // A record as a string.
  template <typename Function>
  void Nested(Function encode) {
    nested_.clear();
    encode(&nested_);
    writer_.String(nested_);
  }
  template <typename Number>
  void U64(Number number) {
    writer_.U64(static_cast<uint64_t>(number));
  }
  template <typename Number>
  void U32(Number number) {
    writer_.U32(static_cast<uint32_t>(number));
  }
  void Added(const NewDocument& added);
  void Removed(const RemovedDocument& removed);
  void Sample(const Change& change, const SamplePosting& posting);
  void Events(const std::vector<ClusterEvent>& events);

  std::string& out_;
  ByteWriter writer_;
  std::string nested_;  // reused
};

void ChangeWriter::Added(const NewDocument& added) {
  U64(added.entry.number);
  Nested([&](std::string* out) { EncodeEntry(added.entry, out); });
  Nested([&](std::string* out) { EncodeContent(added.content, out); });
  writer_.String(added.packed_body);
  Nested([&](std::string* out) { EncodeFingerprint(added.fingerprint, out); });
  EncodeAscending(added.counted_shingles, &writer_);
}

void ChangeWriter::Removed(const RemovedDocument& removed) {
  U64(removed.number);
  U32(removed.collection);
  writer_.String(removed.id);
  EncodeAscending(removed.counted_shingles, &writer_);
  writer_.U8(!removed.tombstone.has_value() ? 0 : removed.tombstone->blocked ? 2 : 1);
  if (!removed.tombstone.has_value()) return;
  writer_.U64(removed.tombstone->sequence);
  EncodeTime(removed.tombstone->deleted_at, &writer_);
  writer_.String(removed.tombstone->reason);
}

void ChangeWriter::Sample(const Change& change, const SamplePosting& posting) {
  const NewDocument* added = FindAdded(change, posting.number);
  const bool of_added = added != nullptr && added->fingerprint.sample == posting.sample;
  U64(posting.number);
  writer_.U8(static_cast<uint8_t>((posting.posted ? kPosted : 0) |
                                  (of_added ? kSampleOfAdded : 0)));
  if (of_added) return;
  List(posting.sample, [this](uint32_t shingle) { writer_.U32(shingle); });
}

// One record for each run of events of one collection and sequence: nearly always one.
void ChangeWriter::Events(const std::vector<ClusterEvent>& events) {
  std::vector<std::vector<const ClusterEvent*>> runs;
  for (const ClusterEvent& event : events) {
    if (runs.empty() || runs.back().front()->collection != event.collection ||
        runs.back().front()->sequence != event.sequence) {
      runs.emplace_back();
    }
    runs.back().push_back(&event);
  }
  List(runs, [this](const std::vector<const ClusterEvent*>& run) {
    U32(run.front()->collection);
    writer_.U64(run.front()->sequence);
    Nested([&](std::string* out) { EncodeEvents(run, out); });
  });
}

void ChangeWriter::Write(const Change& change) {
  writer_.U8(kVersion);
  writer_.U64(0);  // the checksum's place
  writer_.U64(change.sequence);
  writer_.U64(change.previous);
  writer_.I64(change.time_us);
  List(change.added, [this](const NewDocument& added) { Added(added); });
  List(change.changed, [this](const DocumentEntry& entry) {
    U64(entry.number);
    Nested([&](std::string* out) { EncodeEntry(entry, out); });
  });
  List(change.removed, [this](const RemovedDocument& removed) { Removed(removed); });
  List(change.clusters, [this](const ClusterRecord& cluster) {
    U64(cluster.id);
    Nested([&](std::string* out) { EncodeCluster(cluster, out); });
  });
  List(change.redirects, [this](const Redirect& redirect) {
    U64(redirect.from);
    U64(redirect.to);
  });
  List(change.dropped, [this](ClusterId id) { U64(id); });
  List(change.band_postings, [this](const BandPosting& posting) {
    U64(posting.number);
    writer_.U32(posting.bands);
  });
  List(change.sample_postings,
       [this, &change](const SamplePosting& posting) { Sample(change, posting); });
  Events(change.events);
  List(change.collections, [this](const CollectionRecord& collection) {
    U32(collection.number);
    Nested([&](std::string* out) { EncodeCollection(collection, out); });
  });
  List(change.dropped_collections, [this](CollectionNumber number) { U32(number); });
  List(change.tombstones, [this](const Tombstone& tombstone) {
    U32(tombstone.collection);
    writer_.String(tombstone.id);
    Nested([&](std::string* out) { EncodeTombstone(tombstone, out); });
  });
  List(change.families, [this](const FamilyRecord& family) {
    Nested([&](std::string* out) { EncodeFamily(family, out); });
  });
  List(change.dropped_families, [this](DocumentNumber number) { U64(number); });
  const uint64_t checksum = XXH3_64bits(out_.data() + kHeadBytes, out_.size() - kHeadBytes);
  std::memcpy(out_.data() + 1, &checksum, sizeof checksum);
}

class ChangeReader {
 public:
  explicit ChangeReader(std::string_view bytes) : bytes_(bytes), reader_(bytes) {}

  absl::StatusOr<Change> Read();

 private:
  // Every item takes a byte at least: damage cannot make a list longer than the bytes.
  template <typename Item, typename Function>
  void List(std::vector<Item>* items, Function read) {
    const uint64_t size = reader_.Varint();
    if (size > reader_.remaining()) reader_.Fail("more items than bytes");
    for (uint64_t i = 0; i < size && !failed(); ++i) items->push_back(read());
  }
  // What a nested record decodes to; an empty value where it is damaged.
  template <typename Value>
  Value Nested(absl::StatusOr<Value> value) {
    if (value.ok()) return *std::move(value);
    if (nested_.ok()) nested_ = value.status();
    return Value();
  }
  DocumentNumber Number() { return DocumentNumber{reader_.U64()}; }
  CollectionNumber Collection() { return CollectionNumber{reader_.U32()}; }
  bool failed() const { return reader_.failed() || !nested_.ok(); }

  NewDocument Added();
  DocumentEntry Entry();
  RemovedDocument Removed();
  ClusterRecord Cluster();
  Tombstone IdTombstone();
  SamplePosting Sample(const Change& change);
  void Events(std::vector<ClusterEvent>* events);
  void Lists(Change* change);

  std::string_view bytes_;
  ByteReader reader_;
  absl::Status nested_;  // the first damage within a nested record
};

DocumentEntry ChangeReader::Entry() {
  const DocumentNumber number = Number();
  return Nested(DecodeEntry(number, reader_.String()));
}

NewDocument ChangeReader::Added() {
  NewDocument added;
  added.entry = Entry();
  added.content = Nested(DecodeContent(reader_.String()));
  added.packed_body = reader_.String();
  added.fingerprint = Nested(DecodeFingerprint(reader_.String()));
  added.counted_shingles = DecodeAscending(kMaxCountedShingles, &reader_);
  return added;
}

RemovedDocument ChangeReader::Removed() {
  RemovedDocument removed;
  removed.number = Number();
  removed.collection = Collection();
  removed.id = reader_.String();
  removed.counted_shingles = DecodeAscending(kMaxCountedShingles, &reader_);
  const uint8_t has_tombstone = reader_.U8();
  if (has_tombstone > 2) reader_.Fail("neither with nor without a tombstone");
  if (has_tombstone == 0) return removed;
  Tombstone& tombstone = removed.tombstone.emplace();
  tombstone.collection = removed.collection;
  tombstone.id = removed.id;
  tombstone.sequence = reader_.U64();
  tombstone.deleted_at = DecodeTime(&reader_);
  tombstone.reason = reader_.String();
  tombstone.blocked = has_tombstone == 2;
  return removed;
}

ClusterRecord ChangeReader::Cluster() {
  const ClusterId id{reader_.U64()};
  const auto record = Nested(DecodeCluster(id, reader_.String()));
  if (const auto* cluster = std::get_if<ClusterRecord>(&record)) return *cluster;
  reader_.Fail("a redirect among the clusters");
  return {};
}

Tombstone ChangeReader::IdTombstone() {
  const CollectionNumber collection = Collection();
  const std::string id(reader_.String());
  const auto state = Nested(DecodeId(collection, id, reader_.String()));
  if (const auto* tombstone = std::get_if<Tombstone>(&state)) return *tombstone;
  reader_.Fail("a document among the tombstones");
  return {};
}

SamplePosting ChangeReader::Sample(const Change& change) {
  SamplePosting posting;
  posting.number = Number();
  const uint8_t bits = reader_.U8();
  posting.posted = (bits & kPosted) != 0;
  if ((bits & ~(kPosted | kSampleOfAdded)) != 0) reader_.Fail("unknown bits of a posting");
  if ((bits & kSampleOfAdded) == 0) {
    List(&posting.sample, [this] { return reader_.U32(); });
    return posting;
  }
  const NewDocument* added = FindAdded(change, posting.number);
  if (added != nullptr) {
    posting.sample = added->fingerprint.sample;
  } else {
    reader_.Fail("the sample of a document that is not added");
  }
  return posting;
}

void ChangeReader::Events(std::vector<ClusterEvent>* events) {
  const uint64_t size = reader_.Varint();
  if (size > reader_.remaining()) reader_.Fail("more items than bytes");
  for (uint64_t i = 0; i < size && !failed(); ++i) {
    const CollectionNumber collection = Collection();
    const Sequence sequence = reader_.U64();
    const absl::Status status =
        DecodeEvents({.collection = collection, .sequence = sequence}, reader_.String(), events);
    if (!status.ok() && nested_.ok()) nested_ = status;
  }
}

void ChangeReader::Lists(Change* change) {
  List(&change->added, [this] { return Added(); });
  List(&change->changed, [this] { return Entry(); });
  List(&change->removed, [this] { return Removed(); });
  List(&change->clusters, [this] { return Cluster(); });
  List(&change->redirects, [this] {
    const ClusterId from{reader_.U64()};
    return Redirect{.from = from, .to = ClusterId{reader_.U64()}};
  });
  List(&change->dropped, [this] { return ClusterId{reader_.U64()}; });
  List(&change->band_postings, [this] {
    const DocumentNumber number = Number();
    return BandPosting{.number = number, .bands = reader_.U32()};
  });
  List(&change->sample_postings, [this, change] { return Sample(*change); });
  Events(&change->events);
  List(&change->collections, [this] {
    const CollectionNumber number = Collection();
    return Nested(DecodeCollection(number, reader_.String()));
  });
  List(&change->dropped_collections, [this] { return Collection(); });
  List(&change->tombstones, [this] { return IdTombstone(); });
  List(&change->families, [this] { return Nested(DecodeFamily(reader_.String())); });
  List(&change->dropped_families, [this] { return Number(); });
}

absl::StatusOr<Change> ChangeReader::Read() {
  absl::StatusOr<Change> change(absl::in_place);
  reader_.Version(kVersion);
  const uint64_t checksum = reader_.U64();
  if (!reader_.failed() &&
      checksum != XXH3_64bits(bytes_.data() + kHeadBytes, bytes_.size() - kHeadBytes)) {
    reader_.Fail("wrong checksum");
  }
  change->sequence = reader_.U64();
  change->previous = reader_.U64();
  change->time_us = reader_.I64();
  if (!reader_.failed()) Lists(&*change);
  if (!nested_.ok()) return nested_;
  if (absl::Status status = reader_.Finish(); !status.ok()) return status;
  return change;
}

}  // namespace

std::string EncodeChange(const Change& change) {
  std::string out;
  ChangeWriter(&out).Write(change);
  return out;
}

absl::StatusOr<Change> DecodeChange(std::string_view bytes) { return ChangeReader(bytes).Read(); }

}  // namespace wonbon
