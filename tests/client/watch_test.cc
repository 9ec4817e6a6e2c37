// Client::WatchClusters: goes on behind the last response, whatever ended the stream.
#include <gmock/gmock.h>

#include "absl/synchronization/notification.h"
#include "tests/client/fake_server.h"

namespace wonbon::client {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Watches from the beginning until `count` events were seen.
absl::Status WatchFor(const Client& client, size_t count, std::vector<uint64_t>* seen,
                      const CallOptions* call = nullptr) {
  v1::WatchClustersRequest request;
  request.set_after_sequence(0);
  return client.WatchClusters(
      request,
      [&](const v1::WatchClustersResponse& response) {
        for (const auto& event : response.events()) seen->push_back(event.sequence());
        return seen->size() < count;
      },
      call);
}

TEST(WatchTest, GoesOnBehindTheLastResponse) {
  FakeServer server;
  std::vector<uint64_t> seen;
  const absl::Status status = WatchFor(*server.Connect(), 8, &seen);
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_THAT(seen, ElementsAre(1, 2, 3, 4, 5, 6, 7, 8));
  EXPECT_EQ(server.calls("WatchClusters"), 3);
}

TEST(WatchTest, OutlivesEveryWayInWhichAServerStops) {
  FakeServer server;
  for (const grpc::Status& end : {Error(grpc::StatusCode::UNAVAILABLE, "draining"),
                                  grpc::Status(grpc::StatusCode::CANCELLED, ""),
                                  grpc::Status::OK}) {
    server.set_watch_end(end);
    std::vector<uint64_t> seen;
    const absl::Status status = WatchFor(*server.Connect(), 5, &seen);
    EXPECT_TRUE(status.ok()) << status;
    EXPECT_THAT(seen, ElementsAre(1, 2, 3, 4, 5)) << end.error_code();
  }
}

TEST(WatchTest, AStreamThatSaysNothingIsBegunAnew) {
  FakeServer server;
  absl::Notification stopped;
  server.set_interfere([&](const std::string&, int call) {
    if (call <= 2) stopped.WaitForNotification();
    return grpc::Status::OK;
  });
  CallOptions call = QuickCalls();
  call.max_silence = absl::Milliseconds(50);
  std::vector<std::string> troubles;
  call.on_retry = [&](const absl::Status& error, absl::Duration) {
    troubles.push_back(error.ToString());
    if (troubles.size() == 2) call.max_silence = absl::Minutes(1);
  };
  std::vector<uint64_t> seen;
  const absl::Status status = WatchFor(*server.Connect(), 3, &seen, &call);
  stopped.Notify();
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_THAT(seen, ElementsAre(1, 2, 3));
  EXPECT_THAT(troubles, ElementsAre("UNAVAILABLE: no sign of life for 50ms",
                                    "UNAVAILABLE: no sign of life for 50ms"));
}

TEST(WatchTest, CancellingEndsASilentStream) {
  FakeServer server;
  absl::Notification stopped;
  Cancellation cancellation;
  server.set_interfere([&](const std::string&, int) {
    cancellation.Cancel();
    stopped.WaitForNotification();
    return grpc::Status::OK;
  });
  CallOptions call = QuickCalls();
  call.cancellation = &cancellation;
  std::vector<uint64_t> seen;
  EXPECT_EQ(WatchFor(*server.Connect(), 1, &seen, &call).code(), absl::StatusCode::kCancelled);
  stopped.Notify();
}

TEST(WatchTest, AnotherStoreEndsIt) {
  FakeServer server;
  server.set_interfere([&](const std::string&, int call) {
    if (call == 2) server.set_store("store-2", 0, v1::DURABILITY_SYNC);
    return grpc::Status::OK;
  });
  std::vector<uint64_t> seen;
  const absl::Status status = WatchFor(*server.Connect(), 8, &seen);
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("store-2, before store-1"));
  EXPECT_THAT(seen, ElementsAre(1, 2, 3));
}

TEST(WatchTest, APositionThatTheServerDoesNotHaveEndsIt) {
  FakeServer server;
  server.set_interfere([](const std::string&, int call) {
    return call == 1 ? grpc::Status::OK
                     : Error(grpc::StatusCode::OUT_OF_RANGE, "sequence 3 is yet to come");
  });
  std::vector<uint64_t> seen;
  const absl::Status status = WatchFor(*server.Connect(), 8, &seen);
  EXPECT_EQ(status.code(), absl::StatusCode::kOutOfRange);
  EXPECT_THAT(seen, ElementsAre(1, 2, 3));
}

}  // namespace
}  // namespace wonbon::client
