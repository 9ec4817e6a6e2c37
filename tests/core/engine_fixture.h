// An engine on a folder of its own, and documents for it.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "core/engine.h"
#include "tests/corpus/derive.h"
#include "tests/temporary_folder.h"

namespace wonbon {

class EngineTest : public testing::Test {
 protected:
  EngineTest() { Open(); }

  // `options`: what is to be other than usual.
  void Open(Engine::Options options = {}) {
    engine_ = nullptr;  // the folder is locked while it is open
    options.store.dir = folder_.path();
    options.now = [this] { return now_; };
    absl::StatusOr<std::unique_ptr<Engine>> engine = Engine::Open(std::move(options));
    ASSERT_TRUE(engine.ok()) << engine.status();
    engine_ = *std::move(engine);
    ASSERT_TRUE(engine_->EnsureDefaultCollection().ok());
  }

  Decision Submit(Document document, std::string_view collection = "") {
    absl::StatusOr<Decision> decision = engine_->Submit(collection, std::move(document));
    EXPECT_TRUE(decision.ok()) << decision.status();
    return decision.ok() ? *std::move(decision) : Decision{};
  }

  absl::StatusOr<Engine::Deletion> Delete(std::string id, std::string_view collection = "") {
    absl::StatusOr<Engine::Deletion> result = absl::UnknownError("not answered");
    absl::Status queued =
        engine_->Delete(collection, {std::move(id)}, {.reason = "taken down"},
                        [&](std::vector<absl::StatusOr<Engine::Deletion>> results) {
                          result = std::move(results.front());
                        });
    EXPECT_TRUE(queued.ok()) << queued;
    // Commands are answered in order: once this one is, so was the deletion.
    Document barrier = Article(999'999);
    barrier.id = "barrier";
    Submit(std::move(barrier), "barriers");
    return result;
  }

  void SetUp() override { ASSERT_TRUE(engine_->CreateCollection("barriers", {}).ok()); }

  StoredDocument Get(std::string_view id) {
    absl::StatusOr<StoredDocument> document = engine_->GetDocument("", id, /*with_body=*/true);
    EXPECT_TRUE(document.ok()) << id << ": " << document.status();
    return document.ok() ? *std::move(document) : StoredDocument{};
  }

  // The first publication of story `number`, by a publisher of its own.
  static Document Article(uint64_t number, int sentences = 12) {
    corpus::Random random(number * 7919 + 17);
    const corpus::Story story = corpus::WriteStory(sentences, random);
    Document document = corpus::Publish(story, "story-" + std::to_string(number), random);
    document.url = "https://news.example/" + std::to_string(number);
    return document;
  }

  // The same text as another publisher's document, published `minutes` later.
  static Document Reprint(const Document& document, std::string id, int minutes = 5) {
    Document reprint = document;
    reprint.publisher = "다른신문 " + id;
    reprint.url = "https://" + id + ".example/article";
    reprint.published_at = *document.published_at + absl::Minutes(minutes);
    reprint.id = std::move(id);
    return reprint;
  }

  TemporaryFolder folder_;
  absl::Time now_ = absl::FromUnixSeconds(1'770'000'000);
  std::unique_ptr<Engine> engine_;
};

}  // namespace wonbon
