// Records as bytes: what is written reads back, and damage is refused.
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "core/store/document_codec.h"
#include "core/store/ledger_codec.h"
#include "tests/core/store/encoded.h"
#include "tests/core/store/record_equality.h"
#include "tests/core/store/sample_records.h"

namespace wonbon {
namespace {

TEST(CodecTest, RandomRecordsReadBackAsTheyWereWritten) {
  SampleRecords records(11);
  for (int round = 0; round < 500; ++round) {
    const DocumentEntry entry = records.Entry(DocumentNumber{records.Number(1 << 30)});
    EXPECT_EQ(*DecodeEntry(entry.number, Encoded(EncodeEntry, entry)), entry);
    const DocumentContent content = records.Content(records.Bytes(256));
    EXPECT_EQ(*DecodeContent(Encoded(EncodeContent, content)), content);
    const Fingerprint fingerprint = records.MakeFingerprint(
        static_cast<uint32_t>(records.Number(100)), records.Number(3'000));
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
      [](std::string_view bytes) { return DecodeFamily(bytes).status(); },
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
  return {Encoded(EncodeEntry, records.Entry(DocumentNumber{1})),
          Encoded(EncodeContent, records.Content("id")),
          Encoded(EncodeFingerprint, records.MakeFingerprint(100, 20)),
          id,
          Encoded(EncodeCluster, records.Cluster(ClusterId{1})),
          events,
          Encoded(EncodeCollection, records.Collection(CollectionNumber{1})),
          dropped,
          state,
          Encoded(EncodeFamily, records.AnyChange(1).families.front())};
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
    for (const char version : {'\0', '\3', '\xff'}) {
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
