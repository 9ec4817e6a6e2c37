// Records as bytes: what is written reads back, the bytes never change, and damage is refused.
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "absl/strings/escaping.h"
#include "core/store/document_codec.h"
#include "core/store/ledger_codec.h"
#include "tests/core/store/record_equality.h"
#include "tests/core/store/sample_records.h"

namespace wonbon {
namespace {

template <typename Record>
std::string Encoded(void (*encode)(const Record&, std::string*), const Record& record) {
  std::string bytes;
  encode(record, &bytes);
  return bytes;
}

std::string Hex(const std::string& bytes) { return absl::BytesToHexString(bytes); }

DocumentEntry GoldenEntry() {
  DocumentEntry entry;
  entry.number = DocumentNumber{7};
  entry.collection = CollectionNumber{0x01020304};
  entry.cluster = ClusterId{0x1112131415161718};
  entry.joined_to = DocumentNumber{0x2122232425262728};
  entry.sequence = 0x3132333435363738;
  entry.relation = Relation::kNear;
  entry.flags = kFlagShortText;
  entry.founded = true;
  entry.has_published_at = true;
  entry.bands = 0x41424344;
  entry.shingles = 0x51525354;
  entry.published_us = -2;
  entry.first_published_us = 3;
  entry.received_us = 4;
  entry.url_key = 5;
  entry.publisher_key = 6;
  return entry;
}

DocumentContent GoldenContent() {
  DocumentContent content;
  content.content_key = absl::MakeUint128(0x0102030405060708, 0x1112131415161718);
  content.document.id = "id";
  content.document.title = "제목";
  content.document.content_type = ContentType::kHtml;
  content.document.publisher = "p";
  content.document.url = "u";
  content.document.published_at = absl::FromUnixSeconds(1) + absl::Nanoseconds(2);
  content.document.byline = "b";
  content.document.section = "s";
  content.document.labels = {{"k", "v"}};
  return content;
}

TEST(CodecTest, TheBytesOfDocumentRecordsNeverChange) {
  EXPECT_EQ(Hex(Encoded(EncodeEntry, GoldenEntry())),
            "01030203"
            "04030201"
            "1817161514131211"
            "2827262524232221"
            "3837363534333231"
            "44434241"
            "54535251"
            "feffffffffffffff"
            "0300000000000000"
            "0400000000000000"
            "0500000000000000"
            "0600000000000000");
  EXPECT_EQ(Encoded(EncodeEntry, GoldenEntry()).size(), kEntryBytes);
  EXPECT_EQ(Hex(Encoded(EncodeContent, GoldenContent())),
            "01020100"
            "1817161514131211"
            "0807060504030201"
            "010000000000000002000000"
            "026964"
            "06eca09cebaaa9"
            "0170"
            "0175"
            "0162"
            "0173"
            "01"
            "016b"
            "0176");

  Fingerprint fingerprint;
  fingerprint.text_key = absl::MakeUint128(1, 2);
  fingerprint.url_key = 3;
  fingerprint.shingles = kMinShingles - 1;
  EXPECT_EQ(Hex(Encoded(EncodeFingerprint, fingerprint)),
            "01000000"
            "13000000"
            "0300000000000000"
            "0200000000000000"
            "0100000000000000");
  fingerprint.shingles = kMinShingles;
  fingerprint.sketch.bins.fill(0xab);
  fingerprint.sample = {1, 0x01020304};
  std::string sketch;
  for (int i = 0; i < kSketchBins; ++i) sketch += "ab";
  EXPECT_EQ(Hex(Encoded(EncodeFingerprint, fingerprint)),
            "01010200"
            "14000000"
            "0300000000000000"
            "0200000000000000"
            "0100000000000000" +
                sketch +
                "01000000"
                "04030201");
}

TEST(CodecTest, TheBytesOfIdRecordsNeverChange) {
  EXPECT_EQ(Hex(NumberKey(0x0102030405060708)), "0102030405060708");
  EXPECT_EQ(Hex(IdKey(CollectionNumber{0x01020304}, "id")), "010203046964");
  std::string live;
  EncodeLiveId(DocumentNumber{7}, &live);
  EXPECT_EQ(Hex(live),
            "0101"
            "0700000000000000");
  const Tombstone tombstone = {.collection = CollectionNumber{1},
                               .id = "id",
                               .reason = "no",
                               .deleted_at = absl::FromUnixSeconds(5),
                               .sequence = 6};
  EXPECT_EQ(Hex(Encoded(EncodeTombstone, tombstone)),
            "0102"
            "0600000000000000"
            "050000000000000000000000"
            "026e6f");
}

TEST(CodecTest, TheBytesOfLedgerRecordsNeverChange) {
  const ClusterRecord cluster = {.id = ClusterId{1},
                                 .collection = CollectionNumber{2},
                                 .canonical = DocumentNumber{3},
                                 .pinned = DocumentNumber{4},
                                 .reason = 5,
                                 .sequence = 6};
  EXPECT_EQ(Hex(Encoded(EncodeCluster, cluster)),
            "01010500"
            "02000000"
            "0300000000000000"
            "0400000000000000"
            "0600000000000000");
  std::string redirect;
  EncodeRedirect(ClusterId{7}, &redirect);
  EXPECT_EQ(Hex(redirect),
            "0102"
            "0700000000000000");

  EXPECT_EQ(Hex(EncodeEventKey({CollectionNumber{1}, 2})),
            "00000001"
            "0000000000000002");
  const ClusterEvent event = {.sequence = 2,
                              .type = EventType::kMerged,
                              .collection = CollectionNumber{1},
                              .cluster = ClusterId{3},
                              .document_id = "id",
                              .other_cluster = ClusterId{4},
                              .committed_us = 5};
  std::string events;
  EncodeEvents({&event}, &events);
  EXPECT_EQ(Hex(events),
            "01"
            "01"
            "04"
            "0300000000000000"
            "0400000000000000"
            "0500000000000000"
            "026964");

  EXPECT_EQ(CollectionKey(CollectionNumber{0x61626364}), "cabcd");
  EXPECT_EQ(DroppedEventsKey(CollectionNumber{0x61626364}), "eabcd");
  EXPECT_EQ(BlobKey("name"), "bname");
  CollectionRecord collection;
  collection.name = "n";
  collection.settings.preferred_publishers = {"a", "b"};
  collection.settings.wire_publishers = {"c"};
  collection.settings.retention = absl::Milliseconds(1500);
  collection.created_at = absl::FromUnixSeconds(-1) + absl::Nanoseconds(1);
  EXPECT_EQ(Hex(Encoded(EncodeCollection, collection)),
            "01"
            "ffffffffffffffff01000000"
            "01000000000000000065cd1d"
            "016e"
            "0201610162"
            "010163");

  std::string dropped;
  EncodeDroppedEvents(9, &dropped);
  EXPECT_EQ(Hex(dropped),
            "01"
            "0900000000000000");
  const StoreState state = {
      .last_sequence = 1, .documents = 2, .events = 3, .marks = {{.sequence = 4, .events = 5}}};
  EXPECT_EQ(Hex(Encoded(EncodeState, state)),
            "01"
            "0100000000000000"
            "0200000000000000"
            "0300000000000000"
            "01"
            "0400000000000000"
            "0500000000000000");
}

TEST(CodecTest, RandomRecordsReadBackAsTheyWereWritten) {
  SampleRecords records(11);
  for (int round = 0; round < 500; ++round) {
    const DocumentEntry entry = records.Entry(DocumentNumber{records.Number(1 << 30)});
    EXPECT_EQ(*DecodeEntry(entry.number, Encoded(EncodeEntry, entry)), entry);
    const DocumentContent content = records.Content(records.Bytes(256));
    EXPECT_EQ(*DecodeContent(Encoded(EncodeContent, content)), content);
    const Fingerprint fingerprint = records.MakeFingerprint(
        static_cast<uint32_t>(records.Number(100)), records.Number(kMaxSampleSize + 1));
    EXPECT_EQ(*DecodeFingerprint(Encoded(EncodeFingerprint, fingerprint)), fingerprint);
    const ClusterRecord cluster = records.Cluster(ClusterId{records.Number(1 << 30)});
    EXPECT_EQ(std::get<ClusterRecord>(*DecodeCluster(cluster.id, Encoded(EncodeCluster, cluster))),
              cluster);
    const CollectionRecord collection = records.Collection(CollectionNumber{3});
    EXPECT_EQ(*DecodeCollection(collection.number, Encoded(EncodeCollection, collection)),
              collection);
    const EventKey key = {CollectionNumber{7}, records.Number(1 << 30)};
    const ClusterEvent a = records.Event(key.sequence, key.collection);
    const ClusterEvent b = records.Event(key.sequence, key.collection);
    std::string bytes;
    EncodeEvents({&a, &b}, &bytes);
    std::vector<ClusterEvent> events;
    EXPECT_TRUE(DecodeEvents(DecodeEventKey(EncodeEventKey(key)), bytes, &events).ok());
    EXPECT_EQ(events, (std::vector<ClusterEvent>{a, b}));
  }
}

TEST(CodecTest, InfiniteTimesReadBack) {
  for (const absl::Time time : {absl::InfinitePast(), absl::InfiniteFuture(), absl::UnixEpoch(),
                                absl::UnixEpoch() - absl::Nanoseconds(1)}) {
    std::string bytes;
    ByteWriter writer(&bytes);
    EncodeTime(time, &writer);
    ByteReader reader(bytes);
    EXPECT_EQ(DecodeTime(&reader), time);
    EXPECT_TRUE(reader.Finish().ok());
  }
}

// Every decoder, given any bytes.
std::vector<std::function<absl::Status(std::string_view)>> Decoders() {
  return {
      [](std::string_view bytes) { return DecodeEntry(DocumentNumber{1}, bytes).status(); },
      [](std::string_view bytes) { return DecodeContent(bytes).status(); },
      [](std::string_view bytes) { return DecodeFingerprint(bytes).status(); },
      [](std::string_view bytes) { return DecodeId(CollectionNumber{1}, "id", bytes).status(); },
      [](std::string_view bytes) { return DecodeCluster(ClusterId{1}, bytes).status(); },
      [](std::string_view bytes) {
        std::vector<ClusterEvent> events;
        return DecodeEvents({}, bytes, &events);
      },
      [](std::string_view bytes) { return DecodeCollection(CollectionNumber{1}, bytes).status(); },
      [](std::string_view bytes) { return DecodeDroppedEvents(bytes).status(); },
      [](std::string_view bytes) { return DecodeState(bytes).status(); },
  };
}

std::vector<std::string> OneOfEach() {
  SampleRecords records(12);
  const ClusterEvent event = records.Event(1, CollectionNumber{1});
  std::string id, events, dropped, state;
  EncodeTombstone({.collection = {}, .id = "", .reason = "r", .deleted_at = {}, .sequence = 1},
                  &id);
  EncodeEvents({&event}, &events);
  EncodeDroppedEvents(1, &dropped);
  EncodeState({.last_sequence = 1, .documents = 1, .events = 1, .marks = {{1, 1}}}, &state);
  return {Encoded(EncodeEntry, GoldenEntry()),
          Encoded(EncodeContent, GoldenContent()),
          Encoded(EncodeFingerprint, records.MakeFingerprint(100, 20)),
          id,
          Encoded(EncodeCluster, records.Cluster(ClusterId{1})),
          events,
          Encoded(EncodeCollection, records.Collection(CollectionNumber{1})),
          dropped,
          state};
}

TEST(CodecTest, EveryCutRecordIsDataLossThatNamesTheByte) {
  const auto decoders = Decoders();
  const auto samples = OneOfEach();
  for (size_t i = 0; i < decoders.size(); ++i) {
    ASSERT_TRUE(decoders[i](samples[i]).ok()) << i;
    for (size_t size = 0; size < samples[i].size(); ++size) {
      const absl::Status status = decoders[i](std::string_view(samples[i]).substr(0, size));
      EXPECT_TRUE(absl::IsDataLoss(status)) << i << " cut to " << size;
      EXPECT_EQ(status.message().substr(0, 5), "byte ");
    }
  }
}

TEST(CodecTest, ExtraBytesAndUnknownVersionsAreDataLoss) {
  const auto decoders = Decoders();
  const auto samples = OneOfEach();
  for (size_t i = 0; i < decoders.size(); ++i) {
    EXPECT_TRUE(absl::IsDataLoss(decoders[i](samples[i] + 'x'))) << i;
    for (const char version : {'\0', '\2', '\xff'}) {
      EXPECT_TRUE(absl::IsDataLoss(decoders[i](version + samples[i].substr(1)))) << i;
    }
  }
}

TEST(CodecTest, NoBytesCrashADecoder) {
  SampleRecords records(13);
  const auto samples = OneOfEach();
  for (const auto& decode : Decoders()) {
    for (int round = 0; round < 20'000; ++round) {
      std::string bytes = round % 2 == 0 ? records.Bytes(300) : samples[records.Number(9)];
      if (!bytes.empty()) {
        for (int flips = 0; flips < 3; ++flips) {
          bytes[records.Number(bytes.size())] = static_cast<char>(records.Number(256));
        }
        bytes[0] = 1;
      }
      const absl::Status status = decode(bytes);
      EXPECT_TRUE(status.ok() || absl::IsDataLoss(status));
    }
  }
}

TEST(CodecTest, ASampleOutOfOrderIsDataLoss) {
  SampleRecords records(14);
  Fingerprint fingerprint = records.MakeFingerprint(100, 20);
  std::swap(fingerprint.sample[3], fingerprint.sample[4]);
  EXPECT_TRUE(
      absl::IsDataLoss(DecodeFingerprint(Encoded(EncodeFingerprint, fingerprint)).status()));
}

}  // namespace
}  // namespace wonbon
