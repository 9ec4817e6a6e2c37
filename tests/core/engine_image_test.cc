// The image of the index that a stopped engine leaves, and a start without one.
#include <filesystem>
#include <fstream>
#include <iterator>

#include "core/store/image_file.h"
#include "tests/core/engine_fixture.h"
#include "xxhash.h"

namespace wonbon {
namespace {

namespace fs = std::filesystem;

class EngineImageTest : public EngineTest {
 protected:
  // Documents of every kind of record: copies, collections, removed and revised ones, an editor's
  // word, a text that many have.
  void Fill() {
    for (uint64_t i = 0; i < 120; ++i) {
      const Document article = Article(i);
      Submit(article);
      if (i % 3 == 0) Submit(Reprint(article, "reprint-" + std::to_string(i)));
      if (i % 10 == 0) Submit(article, "other");
    }
    for (int i = 0; i < 40; ++i) Submit(Reprint(Article(7), "often-" + std::to_string(i), i));
    Document revised = Article(11, 14);
    revised.published_at = *revised.published_at + absl::Hours(1);
    Submit(std::move(revised));
    for (const char* id : {"story-3", "story-7", "story-50", "often-4"}) {
      EXPECT_TRUE(Delete(id).ok());
    }
    EXPECT_TRUE(engine_->PinCanonical("", Get("often-9").cluster, "often-9", {}).ok());
  }

  void SetUp() override {
    EngineTest::SetUp();
    ASSERT_TRUE(engine_->CreateCollection("other", {}).ok());
  }

  void Stop() {
    ASSERT_TRUE(engine_->Drain().ok());
    engine_ = nullptr;
  }

  std::string image_path() const { return (folder_.path() / "index").string(); }
  std::string ReadImage() const {
    std::ifstream in(image_path(), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void WriteImage(std::string_view bytes) const {
    std::ofstream(image_path(), std::ios::binary) << bytes;
  }
  std::string Digest() const { return engine_->GetStats(/*with_state_digest=*/true).state_digest; }
};

TEST_F(EngineImageTest, AStartFromTheImageIsAsOneThatRebuilds) {
  Fill();
  const std::string before = Digest();
  Stop();
  const TemporaryFolder copy;
  fs::copy(folder_.path(), copy.path(), fs::copy_options::recursive);
  fs::remove(copy.path() / "index");

  Open();
  EXPECT_TRUE(engine_->not_from_image().ok()) << engine_->not_from_image();
  EXPECT_EQ(Digest(), before);
  EXPECT_EQ(engine_->GetStats().evicted_postings, 0);
  Engine::Options options;
  options.store.dir = copy.path();
  options.now = [this] { return now_; };
  const auto rebuilt = Engine::Open(std::move(options));
  ASSERT_TRUE(rebuilt.ok()) << rebuilt.status();
  EXPECT_TRUE(absl::IsNotFound((*rebuilt)->not_from_image())) << (*rebuilt)->not_from_image();
  // What comes next is answered alike, in slots of removed documents too.
  for (uint64_t i = 100; i < 200; ++i) {
    const Document document = Reprint(Article(i), "later-" + std::to_string(i));
    const Decision decision = Submit(document);
    const auto other = (*rebuilt)->Submit("", document);
    ASSERT_TRUE(other.ok()) << other.status();
    EXPECT_EQ(decision.cluster, other->cluster);
    EXPECT_EQ(decision.relation, other->relation);
    EXPECT_EQ(decision.matches.size(), other->matches.size());
  }
  EXPECT_EQ(Digest(), (*rebuilt)->GetStats(true).state_digest);
}

TEST_F(EngineImageTest, AnImageOfThePastIsNotBelieved) {
  Fill();
  Stop();
  const std::string image = ReadImage();
  Open();
  Submit(Article(500));
  const std::string changed = Digest();
  EXPECT_FALSE(fs::exists(image_path()));
  Open();  // without Drain, as after a kill
  EXPECT_TRUE(absl::IsNotFound(engine_->not_from_image())) << engine_->not_from_image();
  EXPECT_EQ(Digest(), changed);
  Stop();
  EXPECT_NE(ReadImage(), image);
  WriteImage(image);
  Open();
  EXPECT_TRUE(absl::IsFailedPrecondition(engine_->not_from_image())) << engine_->not_from_image();
  EXPECT_EQ(Digest(), changed);
}

TEST_F(EngineImageTest, NoneIsLeftWhereTheDiskHasNoRoomForIt) {
  Engine::Options options;
  options.image_keep_free = uint64_t{1} << 62;
  Open(std::move(options));
  Submit(Article(1));
  Stop();
  EXPECT_FALSE(fs::exists(image_path()));
  EXPECT_FALSE(fs::exists(image_path() + ".new"));
  Open();
  EXPECT_TRUE(absl::IsNotFound(engine_->not_from_image())) << engine_->not_from_image();
  Stop();  // nothing was changed, and none was read
  EXPECT_TRUE(fs::exists(image_path()));
}

TEST_F(EngineImageTest, AnImageOfAnotherStoreIsNotBelieved) {
  Submit(Article(1));
  Stop();
  const std::string image = ReadImage();
  fs::remove_all(folder_.path());
  Open();
  ASSERT_TRUE(engine_->CreateCollection("barriers", {}).ok());
  ASSERT_TRUE(engine_->CreateCollection("other", {}).ok());
  Submit(Article(2));
  Stop();
  WriteImage(image);
  Open();
  EXPECT_TRUE(absl::IsFailedPrecondition(engine_->not_from_image())) << engine_->not_from_image();
  EXPECT_TRUE(Get("story-2").cluster != ClusterId::kNone);
}

TEST_F(EngineImageTest, DamageIsNoticed) {
  Fill();
  const std::string before = Digest();
  Stop();
  const std::string image = ReadImage();
  std::vector<std::string> damaged = {"", image.substr(0, 40), image.substr(0, image.size() - 1),
                                      image + "x"};
  for (const size_t at : {size_t{0}, size_t{9}, size_t{20}, size_t{50}, size_t{60}, size_t{75},
                          size_t{100}, image.size() / 200, image.size() / 2, image.size() - 1}) {
    damaged.push_back(image);
    damaged.back()[at] = static_cast<char>(damaged.back()[at] ^ 0x10);
  }
  for (const std::string& bytes : damaged) {
    WriteImage(bytes);
    Open();
    EXPECT_FALSE(engine_->not_from_image().ok());
    EXPECT_EQ(Digest(), before);
  }
  // And replaced at the next stop.
  Stop();
  Open();
  EXPECT_TRUE(engine_->not_from_image().ok()) << engine_->not_from_image();
}

TEST_F(EngineImageTest, AnotherPaceOfFrequenciesIsRebuilt) {
  Fill();
  Stop();
  Open({.rarity_pace = {.fewest_founders = 16, .most_founders = 64, .founders_per_blob = 64}});
  EXPECT_TRUE(absl::IsDataLoss(engine_->not_from_image())) << engine_->not_from_image();
}

// Fails where an image has other bytes than before: raise kImageVersion, so that none of another
// build is believed, and put the new value here.
TEST_F(EngineImageTest, TheBytesAreThoseOfItsVersion) {
  engine_ = nullptr;
  fs::remove_all(folder_.path());
  const TemporaryFolder seeds;
  const std::string seed_file = seeds.path() / "seed";
  std::ofstream(seed_file, std::ios::binary) << "0123456789abcdef";
  fs::permissions(seed_file, fs::perms::owner_read | fs::perms::owner_write);
  Engine::Options options;
  options.store.seed_file = seed_file;
  Open(std::move(options));
  ASSERT_TRUE(engine_->CreateCollection("barriers", {}).ok());
  ASSERT_TRUE(engine_->CreateCollection("other", {}).ok());
  Fill();
  Stop();
  const std::string image = ReadImage();
  ASSERT_GT(image.size(), 80);
  EXPECT_EQ(kImageVersion, 1);
  EXPECT_EQ(XXH3_64bits(image.data() + 80, image.size() - 80), 6869162909621582760u);
}

}  // namespace
}  // namespace wonbon
