#include "client/batch_writer.h"

#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "client/status.h"
#include "tests/client/fake_server.h"

namespace wonbon::client {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Le;

v1::Document Article(int number, size_t size = 20) {
  v1::Document document;
  document.set_id(std::to_string(number));
  document.set_body(std::string(size, 'x') + std::to_string(number));
  return document;
}

BatchWriter::Options Options(int max_documents, int in_flight) {
  BatchWriter::Options options;
  options.max_documents = max_documents;
  options.in_flight = in_flight;
  options.call = QuickCalls();
  return options;
}

TEST(BatchWriterTest, OneInFlightKeepsTheOrder) {
  FakeServer server;
  const auto client = server.Connect();
  std::vector<uint64_t> tags;
  BatchWriter writer(client.get(), Options(7, 1), [&](const BatchWriter::Result& result) {
    EXPECT_TRUE(result.status.ok()) << result.status;
    EXPECT_EQ(result.decision->document_id(), result.document.id());
    EXPECT_EQ(result.document.id(), std::to_string(result.tag));
    tags.push_back(result.tag);
  });
  std::vector<uint64_t> expected;
  std::vector<std::string> ids;
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(writer.Write(Article(i), i).ok());
    expected.push_back(i);
    ids.push_back(std::to_string(i));
  }
  ASSERT_TRUE(writer.Flush().ok());
  EXPECT_EQ(tags, expected);
  EXPECT_EQ(server.taken(), ids);
  EXPECT_THAT(server.batch_sizes(), Each(Le(7)));
}

TEST(BatchWriterTest, BytesFillABatchToo) {
  FakeServer server;
  const auto client = server.Connect();
  BatchWriter::Options options = Options(1'000, 1);
  options.max_bytes = 10'000;
  options.max_delay = absl::Minutes(1);
  BatchWriter writer(client.get(), options, [](const BatchWriter::Result&) {});
  for (int i = 0; i < 9; ++i) ASSERT_TRUE(writer.Write(Article(i, 3'000), i).ok());
  ASSERT_TRUE(writer.Flush().ok());
  EXPECT_THAT(server.batch_sizes(), ElementsAre(3, 3, 3));
}

TEST(BatchWriterTest, ABatchThatDoesNotFillLeavesInTime) {
  FakeServer server;
  const auto client = server.Connect();
  BatchWriter::Options options = Options(1'000, 2);
  options.max_delay = absl::Milliseconds(20);
  absl::Notification done;
  BatchWriter writer(client.get(), options, [&](const BatchWriter::Result&) { done.Notify(); });
  ASSERT_TRUE(writer.Write(Article(1), 1).ok());
  EXPECT_TRUE(done.WaitForNotificationWithTimeout(absl::Seconds(20)));
}

TEST(BatchWriterTest, ASlowServerHoldsTheWriterBack) {
  FakeServer server;
  absl::Notification go;
  server.set_interfere([&](const std::string&, int) {
    go.WaitForNotification();
    return grpc::Status::OK;
  });
  const auto client = server.Connect();
  std::atomic<int> written = 0;
  std::atomic<int> answered = 0;
  BatchWriter writer(client.get(), Options(1, 2), [&](const BatchWriter::Result&) { ++answered; });
  std::thread producer([&] {
    for (int i = 0; i < 50; ++i) {
      EXPECT_TRUE(writer.Write(Article(i), i).ok());
      ++written;
    }
  });
  absl::SleepFor(absl::Milliseconds(300));
  // Two being sent, and two (one more while it is handed over) waiting.
  EXPECT_LE(written, 5);
  EXPECT_EQ(answered, 0);
  go.Notify();
  producer.join();
  ASSERT_TRUE(writer.Flush().ok());
  EXPECT_EQ(answered, 50);
  EXPECT_LE(server.most_at_once(), 2);
}

TEST(BatchWriterTest, ABadDocumentDoesNotSpoilItsNeighbours) {
  FakeServer server;
  const auto client = server.Connect();
  std::vector<std::string> failed;
  BatchWriter writer(client.get(), Options(10, 2), [&](const BatchWriter::Result& result) {
    if (result.status.ok()) return;
    EXPECT_EQ(result.status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_FALSE(result.call_failed);
    EXPECT_EQ(result.decision, nullptr);
    failed.push_back(result.document.id());
  });
  for (int i = 0; i < 20; ++i) {
    v1::Document document = Article(i);
    if (i == 13) document.clear_body();
    ASSERT_TRUE(writer.Write(std::move(document), i).ok());
  }
  ASSERT_TRUE(writer.Flush().ok());
  EXPECT_THAT(failed, ElementsAre("13"));
  EXPECT_EQ(server.documents().size(), 19u);
}

TEST(BatchWriterTest, DocumentsThatFoundNoRoomAreSentAgain) {
  FakeServer server;
  std::atomic<int> refused = 0;
  server.set_refuse([&](const v1::Document& document) {
    if (document.id() == "3" && ++refused <= 2) {
      return Error(grpc::StatusCode::RESOURCE_EXHAUSTED, "queue full", /*retry_ms=*/10);
    }
    return grpc::Status::OK;
  });
  const auto client = server.Connect();
  int succeeded = 0;
  BatchWriter writer(client.get(), Options(10, 1), [&](const BatchWriter::Result& result) {
    EXPECT_TRUE(result.status.ok()) << result.status;
    ++succeeded;
  });
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(writer.Write(Article(i), i).ok());
  ASSERT_TRUE(writer.Flush().ok());
  EXPECT_EQ(succeeded, 10);
  EXPECT_THAT(server.batch_sizes(), ElementsAre(10, 1, 1));
}

TEST(BatchWriterTest, ACallThatFailsForGoodSaysSoOfEachDocument) {
  FakeServer server;
  server.set_interfere([](const std::string&, int) {
    return Error(grpc::StatusCode::NOT_FOUND, "no collection \"x\"");
  });
  const auto client = server.Connect();
  int failed = 0;
  BatchWriter writer(client.get(), Options(10, 1), [&](const BatchWriter::Result& result) {
    EXPECT_TRUE(result.call_failed);
    EXPECT_EQ(result.status.code(), absl::StatusCode::kNotFound);
    ++failed;
  });
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(writer.Write(Article(i), i).ok());
  const absl::Status flushed = writer.Flush();
  EXPECT_EQ(flushed.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(flushed.message(),
            "10 of 10 documents have no answer from the server: no collection \"x\"");
  EXPECT_EQ(ErrorReason(flushed), "TEST");
  EXPECT_EQ(failed, 10);
}

TEST(BatchWriterTest, ACancelledThatNobodyAskedForIsSentAgain) {
  FakeServer server;
  server.set_interfere([](const std::string&, int call) {
    return call % 2 == 1 ? grpc::Status(grpc::StatusCode::CANCELLED, "") : grpc::Status::OK;
  });
  const auto client = server.Connect();
  int succeeded = 0;
  BatchWriter writer(client.get(), Options(10, 1), [&](const BatchWriter::Result& result) {
    EXPECT_TRUE(result.status.ok()) << result.status;
    ++succeeded;
  });
  for (int i = 0; i < 30; ++i) ASSERT_TRUE(writer.Write(Article(i), i).ok());
  EXPECT_TRUE(writer.Flush().ok());
  EXPECT_EQ(succeeded, 30);
  EXPECT_EQ(server.documents().size(), 30u);
}

TEST(BatchWriterTest, ADocumentThatWasCancelledIsSentAgain) {
  FakeServer server;
  std::atomic<int> refused = 0;
  server.set_refuse([&](const v1::Document& document) {
    return document.id() == "3" && ++refused == 1 ? Error(grpc::StatusCode::CANCELLED, "stopping")
                                                  : grpc::Status::OK;
  });
  const auto client = server.Connect();
  BatchWriter writer(client.get(), Options(10, 1), [&](const BatchWriter::Result& result) {
    EXPECT_TRUE(result.status.ok()) << result.status;
  });
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(writer.Write(Article(i), i).ok());
  EXPECT_TRUE(writer.Flush().ok());
  EXPECT_THAT(server.batch_sizes(), ElementsAre(10, 1));
}

TEST(BatchWriterTest, AnswersThatAreMissingAreAnError) {
  FakeServer server;
  server.set_answers(7);
  const auto client = server.Connect();
  int without = 0;
  BatchWriter writer(client.get(), Options(10, 1), [&](const BatchWriter::Result& result) {
    EXPECT_EQ(result.status.code(), absl::StatusCode::kInternal);
    if (result.call_failed) ++without;
  });
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(writer.Write(Article(i), i).ok());
  EXPECT_EQ(writer.Flush().code(), absl::StatusCode::kInternal);
  EXPECT_EQ(without, 10);
}

TEST(BatchWriterTest, EachFlushAnswersForItsOwnDocuments) {
  FakeServer server;
  std::atomic<bool> away = true;
  server.set_interfere([&](const std::string&, int) {
    return away ? grpc::Status(grpc::StatusCode::CANCELLED, "") : grpc::Status::OK;
  });
  const auto client = server.Connect();
  BatchWriter writer(client.get(), Options(10, 1), [](const BatchWriter::Result&) {});
  ASSERT_TRUE(writer.Write(Article(1), 1).ok());
  EXPECT_EQ(writer.Flush().code(), absl::StatusCode::kUnavailable);
  away = false;
  ASSERT_TRUE(writer.Write(Article(1), 1).ok());
  EXPECT_TRUE(writer.Flush().ok());
}

TEST(BatchWriterTest, CancellingEndsRunningCalls) {
  FakeServer server;
  server.set_interfere([](const std::string&, int) {
    return Error(grpc::StatusCode::UNAVAILABLE, "draining", /*retry_ms=*/60'000);
  });
  const auto client = server.Connect();
  BatchWriter::Options options = Options(1, 1);
  options.call.timeout = absl::Minutes(5);
  int cancelled = 0;
  BatchWriter writer(client.get(), options, [&](const BatchWriter::Result& result) {
    EXPECT_TRUE(result.call_failed);
    ++cancelled;
  });
  ASSERT_TRUE(writer.Write(Article(1), 1).ok());
  absl::SleepFor(absl::Milliseconds(50));
  const absl::Time start = absl::Now();
  writer.Cancel();
  EXPECT_EQ(writer.Flush().code(), absl::StatusCode::kCancelled);
  EXPECT_LT(absl::Now() - start, absl::Seconds(20));
  EXPECT_EQ(cancelled, 1);
  EXPECT_EQ(writer.Write(Article(2), 2).code(), absl::StatusCode::kCancelled);
}

TEST(BatchWriterTest, ADocumentThatFitsNoMessageIsTurnedAway) {
  FakeServer server;
  const auto client = server.Connect();
  BatchWriter writer(client.get(), Options(10, 1), [](const BatchWriter::Result&) { FAIL(); });
  EXPECT_EQ(writer.Write(Article(1, 16 << 20), 1).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(writer.Flush().ok());
}

}  // namespace
}  // namespace wonbon::client
