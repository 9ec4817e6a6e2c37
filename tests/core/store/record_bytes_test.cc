// The bytes of records never change: folders written today open tomorrow.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "core/limits.h"
#include "core/store/document_codec.h"
#include "core/store/ledger_codec.h"
#include "tests/core/store/encoded.h"

namespace wonbon {
namespace {

std::string Hex(const std::string& bytes) { return absl::BytesToHexString(bytes); }

DocumentEntry GoldenEntry() {
  DocumentEntry entry;
  entry.number = DocumentNumber{7};
  entry.collection = CollectionNumber{0x01020304};
  entry.cluster = ClusterId{0x131415161718};
  entry.sequence = 0x333435363738;
  entry.relation = Relation::kNear;
  entry.flags = kFlagShortText;
  entry.founded = true;
  entry.version_mark = 0x12;
  entry.headline_key = 0x61626364;
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
  content.identity = {.text = absl::MakeUint128(0x6162636465666768, 0x7172737475767778),
                      .content = absl::MakeUint128(0x0102030405060708, 0x1112131415161718),
                      .headline = 7,
                      .publisher = 8,
                      .article_url = 9};
  content.document.id = "id";
  content.document.title = "제목";
  content.document.content_type = ContentType::kHtml;
  content.document.publisher = "p";
  content.document.url = "u";
  content.document.published_at = absl::FromUnixSeconds(1) + absl::Nanoseconds(2);
  content.document.byline = "b";
  content.document.section = "s";
  content.document.labels = {{"k", "v"}};
  content.answer.matches = {{.number = DocumentNumber{7},
                             .relation = Relation::kUnique,
                             .jaccard = 1,
                             .containment = 0.5,
                             .containment_in = 0,
                             .score = -2}};
  content.answer.merged = {ClusterId{8}};
  content.answer.moved = {DocumentNumber{9}};
  content.answer.moved_documents = 300;
  return content;
}

TEST(RecordBytesTest, TheBytesOfEntriesNeverChange) {
  EXPECT_EQ(Hex(Encoded(EncodeEntry, GoldenEntry())),
            "01030225"
            "04030201"
            "1817161514130000"
            "0000000000000000"
            "3837363534330000"
            "44434241"
            "54535251"
            "64636261"
            "feffffffffffffff"
            "0300000000000000"
            "0400000000000000"
            "0500000000000000"
            "0600000000000000");
  EXPECT_EQ(Encoded(EncodeEntry, GoldenEntry()).size(), kEntryBytes);
}

TEST(RecordBytesTest, TheBytesOfContentsNeverChange) {
  EXPECT_EQ(Hex(Encoded(EncodeContent, GoldenContent())),
            "01020100"
            "7877767574737271"
            "6867666564636261"
            "1817161514131211"
            "0807060504030201"
            "0700000000000000"
            "0800000000000000"
            "0900000000000000"
            "010000000000000002000000"
            "026964"
            "06eca09cebaaa9"
            "0170"
            "0175"
            "0162"
            "0173"
            "01"
            "016b0176"
            "01"
            "0700000000000000"
            "01"
            "000000000000f03f"
            "000000000000e03f"
            "0000000000000000"
            "00000000000000c0"
            "00"
            "010800000000000000"
            "ac02010900000000000000");
}

TEST(RecordBytesTest, TheBytesOfFingerprintsNeverChange) {
  Fingerprint fingerprint;
  fingerprint.exact_key = absl::MakeUint128(1, 2);
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

TEST(RecordBytesTest, TheBytesOfIdRecordsNeverChange) {
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

TEST(RecordBytesTest, TheBytesOfClustersAndRedirectsNeverChange) {
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
  ClusterRecord edited = cluster;
  edited.words.push_back({.act = EditorialAct::kSplit,
                          .sequence = 6,
                          .said_us = 5,
                          .actor = "me",
                          .note = "n",
                          .document_id = "id",
                          .clusters = {ClusterId{9}}});
  EXPECT_EQ(Hex(Encoded(EncodeCluster, edited)),
            "01010501"
            "02000000"
            "0300000000000000"
            "0400000000000000"
            "0600000000000000"
            "04"
            "0600000000000000"
            "0500000000000000"
            "026d65"
            "016e"
            "026964"
            "01"
            "0900000000000000");
  std::string redirect;
  EncodeRedirect(ClusterId{7}, &redirect);
  EXPECT_EQ(Hex(redirect),
            "0102"
            "0700000000000000");
}

TEST(RecordBytesTest, TheBytesOfFamiliesNeverChange) {
  EXPECT_EQ(Hex(FamilyKey(DocumentNumber{258})), "660000000000000102");
  const FamilyRecord family = {.collection = CollectionNumber{2},
                               .texts = {{DocumentNumber{3}, ClusterId{3}},
                                         {DocumentNumber{4}, ClusterId{3}}},
                               .scores = {-2},
                               .shared = {0x0102},
                               .full = true};
  EXPECT_EQ(Hex(Encoded(EncodeFamily, family)),
            "0101"
            "02000000"
            "02"
            "03000000000000000300000000000000"
            "04000000000000000300000000000000"
            "feff"
            "0201");
}

TEST(RecordBytesTest, TheBytesOfEventsNeverChange) {
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

  EXPECT_EQ(DroppedEventsKey(CollectionNumber{0x61626364}), "eabcd");
  std::string dropped;
  EncodeDroppedEvents(9, &dropped);
  EXPECT_EQ(Hex(dropped),
            "01"
            "0900000000000000");
}

TEST(RecordBytesTest, TheBytesOfCollectionsNeverChange) {
  EXPECT_EQ(CollectionKey(CollectionNumber{0x61626364}), "cabcd");
  CollectionRecord collection;
  collection.name = "n";
  collection.settings.preferred_publishers = {"a", "b"};
  collection.settings.wire_publishers = {"c"};
  collection.publisher_ranks = {1, 2, 3};
  collection.settings.retention = absl::Milliseconds(1500);
  collection.created_at = absl::FromUnixSeconds(-1) + absl::Nanoseconds(1);
  EXPECT_EQ(Hex(Encoded(EncodeCollection, collection)),
            "01"
            "ffffffffffffffff01000000"
            "01000000000000000065cd1d"
            "016e"
            "0201610162"
            "010163"
            "0100000000000000"
            "0200000000000000"
            "0300000000000000");
}

TEST(RecordBytesTest, TheBytesOfTheStateNeverChange) {
  EXPECT_EQ(BlobKey("name"), "bname");
  const StoreState state = {.last_sequence = 1,
                            .documents = 2,
                            .events = 3,
                            .last_time_us = 6,
                            .marks = {{.sequence = 4, .events = 5}}};
  EXPECT_EQ(Hex(Encoded(EncodeState, state)),
            "01"
            "0100000000000000"
            "0200000000000000"
            "0300000000000000"
            "0600000000000000"
            "01"
            "0400000000000000"
            "0500000000000000");
}

}  // namespace
}  // namespace wonbon
