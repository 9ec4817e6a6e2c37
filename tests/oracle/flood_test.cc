// A flood of notices of a few forms, each with facts of its own.
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/engine.h"
#include "tests/corpus/corpus.h"
#include "tests/temporary_folder.h"

namespace wonbon {
namespace {

constexpr char kCollection[] = "default";
constexpr size_t kNotices = 10'000;

TEST(FloodTest, TenThousandNoticesStayApartAndHideNoCopy) {
  TemporaryFolder folder;
  Engine::Options options;
  options.store.dir = folder.path();
  options.store.durability = Durability::kAsync;
  auto opened = Engine::Open(std::move(options));
  ASSERT_TRUE(opened.ok()) << opened.status();
  Engine& engine = **opened;
  ASSERT_TRUE(engine.EnsureDefaultCollection().ok());
  const std::vector<corpus::Item> flood = corpus::MakeCorpus(
      {.seed = 20'261'125, .stories = 0, .notices = kNotices, .id_prefix = "notice"});
  ASSERT_GE(flood.size(), kNotices);

  std::map<ClusterId, size_t> sizes;
  std::vector<ClusterId> clusters;
  for (const corpus::Item& item : flood) {
    const absl::StatusOr<Decision> decision = engine.Submit(kCollection, item.document);
    ASSERT_TRUE(decision.ok()) << decision.status();
    clusters.push_back(decision->cluster);
    ++sizes[decision->cluster];
  }
  size_t together = 0, largest = 0;
  for (const auto& [id, size] : sizes) {
    together += size > 1 ? size : 0;
    largest = std::max(largest, size);
  }
  RecordProperty("together", static_cast<int>(together));
  EXPECT_LE(largest, 3u);
  EXPECT_LE(together, flood.size() / 100) << "of different facts in one cluster";

  // Reprints of notices from everywhere in the flood, the oldest included.
  size_t found = 0, asked = 0;
  for (size_t i = 0; i < flood.size(); i += flood.size() / 100) {
    Document copy = flood[i].document;
    absl::StrAppend(&copy.id, "-copy");
    absl::StrAppend(&copy.url, "/copy");
    copy.publisher = "다른신문";
    absl::StrAppend(&copy.body, "\n저작권자 ⓒ 다른신문, 무단 전재 및 재배포 금지");
    const absl::StatusOr<Decision> decision = engine.Submit(kCollection, std::move(copy));
    ASSERT_TRUE(decision.ok()) << decision.status();
    ++asked;
    found += decision->cluster == clusters[i];
  }
  EXPECT_EQ(found, asked);
}

}  // namespace
}  // namespace wonbon
