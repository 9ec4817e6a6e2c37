// A server that goes down and comes up under load: what clients see meanwhile is UNAVAILABLE, which
// they may retry, and never CANCELLED, which they take for their own doing.
#include <unistd.h>

#include <atomic>
#include <map>
#include <mutex>
#include <thread>

#include "gmock/gmock.h"
#include "server/config/address.h"
#include "tests/server/running_server.h"
#include "tests/server/texts.h"

namespace wonbon {
namespace {

class RestartTest : public RunningServer {
 protected:
  // How calls ended, by status code. Thread-safe.
  class Endings {
   public:
    void Count(const grpc::Status& status) {
      const std::lock_guard lock(mutex_);
      ++codes_[status.error_code()];
      if (status.error_code() != grpc::StatusCode::OK) last_message_ = status.error_message();
    }
    size_t operator[](grpc::StatusCode code) const {
      const auto found = codes_.find(code);
      return found == codes_.end() ? 0 : found->second;
    }
    size_t total() const {
      size_t total = 0;
      for (const auto& [code, count] : codes_) total += count;
      return total;
    }
    const std::string& last_message() const { return last_message_; }

   private:
    std::mutex mutex_;
    std::map<int, size_t> codes_;
    std::string last_message_;
  };

  // On a port that the system does not give to outgoing connections: a client that calls while the
  // server is down could otherwise take the port that it calls.
  void SetUp() override {
    const int below_ephemeral = 20'000 + getpid() % 10'000;
    for (int port = below_ephemeral; port < below_ephemeral + 100; ++port) {
      config_.listen = "127.0.0.1:" + std::to_string(port);
      if (server::CheckFree(*server::ParseAddress(config_.listen)).ok()) break;
    }
    Start();
  }

  // On the same port, so that clients find it again.
  void Restart() {
    ASSERT_TRUE(server_->Shutdown().ok());
    server_.reset();
    Start();
  }

  // Calls `once(client)` from several threads, over and over, while the server restarts.
  void HammerThroughRestarts(const std::function<void(int client)>& once) {
    constexpr int kClients = 8;
    constexpr int kRestarts = 10;
    std::atomic<bool> stop{false};
    std::vector<std::thread> clients;
    for (int client = 0; client < kClients; ++client) {
      clients.emplace_back([&, client] {
        while (!stop) once(client);
      });
    }
    for (int i = 0; i < kRestarts; ++i) {
      absl::SleepFor(absl::Milliseconds(100));
      Restart();
      if (HasFatalFailure()) break;
    }
    stop = true;
    for (std::thread& client : clients) client.join();
  }

  static void ExpectOnlyUnavailable(const Endings& endings) {
    EXPECT_EQ(endings[grpc::StatusCode::CANCELLED], 0) << endings.last_message();
    EXPECT_GT(endings[grpc::StatusCode::UNAVAILABLE], 0);
    EXPECT_EQ(endings[grpc::StatusCode::OK] + endings[grpc::StatusCode::UNAVAILABLE],
              endings.total())
        << endings.last_message();
  }
};

TEST_F(RestartTest, UnaryCallsAreRefusedAndNeverCancelled) {
  Endings endings;
  std::vector<std::unique_ptr<v1::AdminService::Stub>> stubs;
  for (int i = 0; i < 8; ++i) stubs.push_back(v1::AdminService::NewStub(NewChannel()));
  HammerThroughRestarts([&](int client) {
    grpc::ClientContext context;
    v1::GetStatsResponse response;
    endings.Count(stubs[client]->GetStats(&context, {}, &response));
  });
  ExpectOnlyUnavailable(endings);
}

TEST_F(RestartTest, WatchesAndStreamsEndUnavailableAndNeverCancelled) {
  Endings endings;
  std::vector<std::unique_ptr<v1::DedupService::Stub>> stubs;
  for (int i = 0; i < 8; ++i) stubs.push_back(v1::DedupService::NewStub(NewChannel()));
  HammerThroughRestarts([&](int client) {
    grpc::ClientContext context;
    if (client % 2 == 0) {
      const auto watch = stubs[client]->WatchClusters(&context, {});
      v1::WatchClustersResponse response;
      while (watch->Read(&response)) {
      }
      return endings.Count(watch->Finish());
    }
    const auto stream = stubs[client]->SubmitStream(&context);
    v1::SubmitStreamRequest request;
    *request.mutable_document()->mutable_document() = MakeDocument("a", ArticleText(1));
    v1::SubmitStreamResponse response;
    while (stream->Write(request) && stream->Read(&response)) {
    }
    endings.Count(stream->Finish());
  });
  ExpectOnlyUnavailable(endings);
}

TEST_F(RestartTest, ACallDuringTheDrainIsToldToComeAgain) {
  server_.reset();
  config_.drain_timeout = absl::Seconds(6);
  Start();
  // A client that does not read keeps the drain waiting.
  grpc::ClientContext context;
  const auto stream = dedup_->SubmitStream(&context);
  v1::SubmitStreamRequest batch;
  batch.mutable_batch()->set_view(v1::VIEW_FULL);
  for (int i = 0; i < 10; ++i) {
    *batch.mutable_batch()->add_documents() =
        MakeDocument("d" + std::to_string(i), ArticleText(i, 1'000));
  }
  std::thread writer([&] {
    while (stream->Write(batch)) {
    }
  });
  absl::SleepFor(absl::Seconds(1));
  std::thread shutdown([&] { server_->Shutdown().IgnoreError(); });
  absl::SleepFor(absl::Milliseconds(500));
  // On a connection that is there, and on a new one.
  const auto fresh = v1::DedupService::NewStub(NewChannel());
  for (v1::DedupService::Stub* stub : {dedup_.get(), fresh.get()}) {
    grpc::ClientContext late;
    v1::GetDocumentResponse response;
    const grpc::Status refused = stub->GetDocument(&late, {}, &response);
    EXPECT_REFUSED(refused, grpc::StatusCode::UNAVAILABLE, "");
    EXPECT_EQ(DetailsOf(refused).reason, "DRAINING");
    EXPECT_TRUE(DetailsOf(refused).retry);
  }
  shutdown.join();
  writer.join();
  v1::SubmitStreamResponse response;
  while (stream->Read(&response)) {
  }
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
}

}  // namespace
}  // namespace wonbon
