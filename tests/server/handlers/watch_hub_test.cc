#include "server/handlers/watch_hub.h"

#include <gtest/gtest.h>

#include <atomic>
#include <utility>
#include <vector>

#include "absl/synchronization/notification.h"
#include "tests/server/texts.h"
#include "tests/temporary_folder.h"

namespace wonbon::server {
namespace {

class Sleeper : public Watcher {
 public:
  void Wake() override { woken_.Notify(); }
  bool woken() const { return woken_.HasBeenNotified(); }
  void WaitUntilWoken() { woken_.WaitForNotification(); }

 private:
  absl::Notification woken_;
};

class WatchHubTest : public testing::Test {
 protected:
  void SetUp() override {
    Engine::Options options;
    options.store.dir = folder_.path() / "data";
    absl::StatusOr<std::unique_ptr<Engine>> engine = Engine::Open(std::move(options));
    ASSERT_TRUE(engine.ok()) << engine.status();
    engine_ = *std::move(engine);
    for (const char* name : {"a", "b"}) ASSERT_TRUE(engine_->CreateCollection(name, {}).ok());
    hub_.emplace(*engine_);
  }

  CollectionNumber NumberOf(const char* name) {
    return engine_->GetCollection(name)->record.number;
  }

  std::shared_ptr<Sleeper> Sleep(const char* collection, absl::Duration heartbeat) {
    auto sleeper = std::make_shared<Sleeper>();
    hub_->WaitFor(NumberOf(collection),
                  {.watcher = sleeper,
                   .seen = engine_->GetStats().sequence,
                   .heartbeat_at = MonotonicNow() + absl::ToChronoNanoseconds(heartbeat)});
    return sleeper;
  }

  void Submit(const char* collection) {
    Document document;
    document.id = "id";
    document.body = ArticleText(1);
    std::vector<std::unique_ptr<Submission>> batch;
    batch.push_back(*engine_->Prepare(collection, std::move(document)));
    absl::Notification done;
    ASSERT_TRUE(engine_->Enqueue(std::move(batch), {}, [&](auto) { done.Notify(); }).ok());
    done.WaitForNotification();
  }

  TemporaryFolder folder_;
  std::unique_ptr<Engine> engine_;
  std::optional<WatchHub> hub_;
};

TEST_F(WatchHubTest, OnlyWatchersOfTheCollectionTouchedAreWoken) {
  const auto a = Sleep("a", absl::Hours(1));
  const auto b = Sleep("b", absl::Hours(1));
  Submit("a");
  a->WaitUntilWoken();
  EXPECT_FALSE(b->woken());
  const auto probe = Sleep("a", absl::ZeroDuration());
  hub_->WakeForHeartbeats();
  probe->WaitUntilWoken();
  EXPECT_FALSE(b->woken());
  Submit("b");
  b->WaitUntilWoken();
}

TEST_F(WatchHubTest, WhoHasNotSeenTheNewestEventIsWokenAtOnce) {
  Submit("a");
  auto late = std::make_shared<Sleeper>();
  hub_->WaitFor(NumberOf("a"), {.watcher = late,
                                .seen = 0,
                                .heartbeat_at = MonotonicNow() + std::chrono::hours(1)});
  late->WaitUntilWoken();
}

TEST_F(WatchHubTest, AHeartbeatWakesWhenItIsDueAndNotBefore) {
  const auto early = Sleep("a", absl::Hours(1));
  const auto due = Sleep("a", absl::ZeroDuration());
  hub_->WakeForHeartbeats();
  due->WaitUntilWoken();
  EXPECT_FALSE(early->woken());
}

}  // namespace
}  // namespace wonbon::server
