#include "tests/core/store/sample_records.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "core/store/store.h"

namespace wonbon {
namespace {

void AppendSyllable(uint32_t index, std::string* text) {
  const uint32_t code = 0xac00 + index;
  text->push_back(static_cast<char>(0xe0 | code >> 12));
  text->push_back(static_cast<char>(0x80 | (code >> 6 & 0x3f)));
  text->push_back(static_cast<char>(0x80 | (code & 0x3f)));
}

}  // namespace

std::string SampleRecords::Bytes(size_t max_size) {
  std::string bytes(Number(max_size + 1), '\0');
  for (char& byte : bytes) byte = static_cast<char>(random_());
  return bytes;
}

std::string SampleRecords::Text(size_t bytes) {
  constexpr uint64_t kWords = 40;
  std::string text;
  while (text.size() < bytes) {
    // A word is spelled by its index. Two numbers multiplied: small ones are frequent, as words of
    // real text are.
    std::minstd_rand spelling(static_cast<uint32_t>(Number(kWords) * Number(kWords) + 1));
    for (uint32_t i = 0, size = 2 + spelling() % 3; i < size; ++i) {
      AppendSyllable(spelling() % 64 * (spelling() % 64) % 11'172, &text);
    }
    text.push_back(' ');
  }
  return text;
}

DocumentEntry SampleRecords::Entry(DocumentNumber number) {
  DocumentEntry entry;
  entry.number = number;
  entry.collection = CollectionNumber{static_cast<uint32_t>(Number(1000))};
  entry.cluster = ClusterId{random_() >> 16};
  entry.sequence = random_() >> 16;
  entry.relation = static_cast<Relation>(1 + Number(8));
  entry.flags = static_cast<uint8_t>(Number(4));
  entry.founded = Number(2) == 1;
  entry.version_mark = static_cast<uint8_t>(Number(128));
  entry.headline_key = static_cast<uint32_t>(random_());
  entry.bands = static_cast<uint32_t>(random_());
  entry.shingles = static_cast<uint32_t>(random_());
  entry.published_us = static_cast<int64_t>(random_());
  entry.first_published_us = static_cast<int64_t>(random_());
  entry.received_us = static_cast<int64_t>(random_());
  entry.url_key = random_();
  entry.publisher_key = random_();
  return entry;
}

DocumentContent SampleRecords::Content(std::string id) {
  DocumentContent content;
  content.identity = {.text = absl::MakeUint128(random_(), random_()),
                      .content = absl::MakeUint128(random_(), random_()),
                      .headline = random_(),
                      .publisher = random_(),
                      .article_url = random_()};
  Document& document = content.document;
  document.id = std::move(id);
  document.title = Text(60);
  document.content_type = static_cast<ContentType>(Number(3));
  document.publisher = Text(12);
  document.url = absl::StrCat("https://news.example/article/", random_());
  if (Number(8) > 0) {
    document.published_at = absl::UnixEpoch() + absl::Seconds(Number(2'000'000'000)) +
                            absl::Nanoseconds(Number(1'000'000'000));
  }
  document.byline = Text(9);
  document.section = Text(6);
  for (uint64_t i = 0, size = Number(3); i < size; ++i) {
    document.labels.emplace_back(absl::StrCat("label", i), Bytes(20));
  }
  content.answer.matches = MakeEvidence(3);
  content.answer.links = MakeEvidence(3);
  for (uint64_t i = 0, size = Number(3); i < size; ++i) {
    content.answer.merged.push_back(ClusterId{random_()});
  }
  for (uint64_t i = 0, size = Number(3); i < size; ++i) {
    content.answer.moved.push_back(DocumentNumber{random_()});
  }
  content.answer.moved_documents = static_cast<uint32_t>(Number(300));
  return content;
}

std::vector<Evidence> SampleRecords::MakeEvidence(size_t max_size) {
  std::vector<Evidence> evidence(Number(max_size + 1));
  for (Evidence& told : evidence) {
    told.number = DocumentNumber{random_()};
    told.relation = static_cast<Relation>(1 + Number(8));
    for (double* share : {&told.jaccard, &told.containment, &told.containment_in, &told.score}) {
      *share = static_cast<double>(Number(1'000)) / 997;
    }
  }
  return evidence;
}

Fingerprint SampleRecords::MakeFingerprint(uint32_t shingles, size_t sample_size) {
  Fingerprint fingerprint;
  fingerprint.exact_key = absl::MakeUint128(random_(), random_());
  fingerprint.url_key = random_();
  fingerprint.shingles = shingles;
  if (shingles < kMinShingles) return fingerprint;
  for (uint8_t& bin : fingerprint.sketch.bins) bin = static_cast<uint8_t>(random_());
  std::set<uint32_t> sample;
  while (sample.size() < sample_size) sample.insert(static_cast<uint32_t>(random_()));
  fingerprint.sample.assign(sample.begin(), sample.end());
  return fingerprint;
}

NewDocument SampleRecords::MakeDocument(uint64_t number, std::string id, size_t body_bytes) {
  NewDocument document;
  document.entry = Entry(DocumentNumber{number});
  document.entry.collection = CollectionNumber{1};
  document.content = Content(std::move(id));
  document.packed_body = PackBody(Text(body_bytes));
  document.fingerprint = MakeFingerprint(static_cast<uint32_t>(20 + body_bytes / 3),
                                         std::max<size_t>(16, body_bytes / 96));
  return document;
}

ClusterRecord SampleRecords::Cluster(ClusterId id) {
  ClusterRecord cluster;
  cluster.id = id;
  cluster.collection = CollectionNumber{static_cast<uint32_t>(Number(1000))};
  cluster.canonical = DocumentNumber{random_()};
  cluster.pinned = DocumentNumber{random_()};
  cluster.reason = static_cast<uint8_t>(Number(6));
  cluster.sequence = random_();
  for (uint64_t i = 0, size = Number(3); i < size; ++i) {
    EditorWord& word = cluster.words.emplace_back();
    word.act = static_cast<EditorialAct>(1 + Number(4));
    word.sequence = random_();
    word.said_us = static_cast<int64_t>(random_());
    word.actor = Text(9);
    word.note = Text(30);
    word.document_id = Bytes(20);
    word.clusters.assign(Number(3), ClusterId{random_()});
  }
  return cluster;
}

ClusterEvent SampleRecords::Event(Sequence sequence, CollectionNumber collection) {
  ClusterEvent event;
  event.sequence = sequence;
  event.type = static_cast<EventType>(1 + Number(10));
  event.collection = collection;
  event.cluster = ClusterId{random_()};
  event.document_id = Bytes(30);
  event.other_cluster = ClusterId{random_()};
  event.committed_us = static_cast<int64_t>(random_());
  return event;
}

CollectionRecord SampleRecords::Collection(CollectionNumber number) {
  CollectionRecord collection;
  collection.number = number;
  collection.name = absl::StrCat("collection-", static_cast<uint32_t>(number));
  collection.settings.retention = absl::Hours(Number(10'000));
  for (uint64_t i = 0, size = Number(4); i < size; ++i) {
    collection.settings.preferred_publishers.push_back(Text(9));
    collection.settings.wire_publishers.push_back(Text(6));
    collection.publisher_ranks.insert(collection.publisher_ranks.end(), {random_(), random_()});
  }
  collection.created_at = absl::UnixEpoch() + absl::Nanoseconds(Number(1'800'000'000'000'000'000));
  return collection;
}

std::vector<uint32_t> SampleRecords::Ascending(size_t max_size) {
  std::set<uint32_t> numbers;
  for (size_t size = Number(max_size + 1); numbers.size() < size;) {
    numbers.insert(static_cast<uint32_t>(random_()));
  }
  return {numbers.begin(), numbers.end()};
}

Change SampleRecords::AnyChange(Sequence sequence) {
  Change change = FoundingChange(this, sequence, Bytes(200));
  change.previous = sequence - 1 - Number(3);
  change.time_us = static_cast<int64_t>(random_());
  NewDocument& added = change.added.front();
  added.counted_shingles = Ascending(kMaxCountedShingles);
  change.changed.push_back(Entry(DocumentNumber{random_() >> 16}));
  for (const bool with_tombstone : {false, true}) {
    const CollectionNumber collection{static_cast<uint32_t>(Number(1'000))};
    RemovedDocument removed{.number = DocumentNumber{random_()},
                            .collection = collection,
                            .id = Bytes(30),
                            .tombstone = {},
                            .counted_shingles = Ascending(100)};
    if (with_tombstone) {
      removed.tombstone = Tombstone{.collection = collection,
                                    .id = removed.id,
                                    .reason = Text(40),
                                    .deleted_at = absl::FromUnixMicros(1'700'000'000'000'001),
                                    .sequence = random_(),
                                    .blocked = true};
    }
    change.removed.push_back(std::move(removed));
  }
  change.redirects.push_back({.from = ClusterId{random_()}, .to = ClusterId{random_()}});
  change.dropped.push_back(ClusterId{random_()});
  change.families.push_back({.collection = CollectionNumber{7},
                             .texts = {{DocumentNumber{3}, ClusterId{random_()}},
                                       {DocumentNumber{5}, ClusterId{random_()}},
                                       {DocumentNumber{9}, ClusterId{random_()}}},
                             .scores = {-600, 800, 1},
                             .shared = {0, 700, 65'535},
                             .full = true});
  change.dropped_families.push_back(DocumentNumber{random_()});
  change.band_postings.push_back({.number = DocumentNumber{random_()}, .bands = 0xabcdef});
  change.sample_postings.push_back(
      {.number = added.entry.number, .posted = true, .sample = added.fingerprint.sample});
  change.sample_postings.push_back(
      {.number = DocumentNumber{random_()}, .posted = false, .sample = Ascending(40)});
  change.events.push_back(Event(sequence, CollectionNumber{1}));
  change.events.push_back(Event(sequence, CollectionNumber{2}));
  change.collections.push_back(Collection(CollectionNumber{7}));
  change.dropped_collections.push_back(CollectionNumber{8});
  for (const bool blocked : {false, true}) {
    change.tombstones.push_back({.collection = CollectionNumber{1},
                                 .id = Bytes(30),
                                 .reason = Text(40),
                                 .deleted_at = absl::FromUnixMicros(1'700'000'000'000'002),
                                 .sequence = random_(),
                                 .blocked = blocked});
  }
  return change;
}

Change MergingChange(Sequence sequence, ClusterId from, ClusterId to) {
  Change merge;
  merge.sequence = sequence;
  merge.redirects.push_back({from, to});
  return merge;
}

Change FoundingChange(SampleRecords* records, Sequence sequence, std::string id,
                      size_t body_bytes) {
  Change change;
  change.sequence = sequence;
  change.added.push_back(records->MakeDocument(sequence, id, body_bytes));
  change.added[0].entry.sequence = sequence;
  change.added[0].entry.cluster = ClusterId{sequence};
  ClusterRecord cluster = records->Cluster(ClusterId{sequence});
  cluster.collection = CollectionNumber{1};
  change.clusters.push_back(cluster);
  ClusterEvent event = records->Event(sequence, CollectionNumber{1});
  event.document_id = std::move(id);
  change.events.push_back(std::move(event));
  return change;
}

}  // namespace wonbon
