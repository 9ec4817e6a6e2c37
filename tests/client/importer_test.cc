#include "client/import/importer.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "tests/client/fake_server.h"
#include "tests/temporary_folder.h"

namespace wonbon::client {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ImporterTest : public ::testing::Test {
 protected:
  ImporterTest() : client_(server_.Connect()) {}

  std::string WriteArticles(int count) {
    std::ofstream file(folder_ / "articles.jsonl");
    for (int i = 0; i < count; ++i) {
      file << R"({"id":"a)" << i << R"(","title":"제목","body":"본문 )" << i << "\"}\n";
    }
    return folder_ / "articles.jsonl";
  }

  ImportOptions Options(const std::string& file) {
    ImportOptions options;
    options.files = {file};
    options.endpoint = server_.endpoint();
    options.batch_documents = 10;
    options.in_flight = 1;
    options.retry_for = options.attempt_timeout = absl::Seconds(20);
    options.state_folder = folder_ / "state";
    options.rejects = folder_ / "rejects.jsonl";
    return options;
  }

  absl::Status Import(const ImportOptions& options) {
    Importer importer(client_.get(), options, [](const std::string&) {});
    const absl::Status status = importer.Run();
    tally_ = importer.tally();
    rejects_files_ = importer.rejects_files();
    return status;
  }

  // Stops the server's answers for good after some batches, so that an import ends midway.
  void BreakAfter(int batches) {
    server_.set_interfere([batches](const std::string& rpc, int call) {
      return rpc == "SubmitBatch" && call > batches ? Error(grpc::StatusCode::INTERNAL, "broken")
                                                    : grpc::Status::OK;
    });
  }
  // An import that ended midway.
  void ImportFourBatches(const ImportOptions& options) {
    BreakAfter(4);
    EXPECT_FALSE(Import(options).ok());
    server_.set_interfere(nullptr);
  }

  FakeServer server_;
  const std::unique_ptr<Client> client_;
  const TemporaryFolder temporary_;
  const std::filesystem::path folder_ = temporary_.path();
  Tally tally_;
  std::vector<std::string> rejects_files_;
};

TEST_F(ImporterTest, ASecondImportChangesNothing) {
  const ImportOptions options = Options(WriteArticles(95));
  ASSERT_TRUE(Import(options).ok());
  EXPECT_EQ(tally_.documents, 95u);
  EXPECT_EQ(tally_.created, 95u);
  EXPECT_EQ(tally_.unique, 95u);
  ASSERT_TRUE(Import(options).ok());
  EXPECT_EQ(tally_.documents, 95u);
  EXPECT_EQ(tally_.unchanged, 95u);
  EXPECT_EQ(tally_.resumed_at_line, std::nullopt);
  EXPECT_THAT(rejects_files_, IsEmpty());
  EXPECT_FALSE(std::filesystem::exists(folder_ / "rejects.jsonl"));
  const std::filesystem::path state = folder_ / "state";
  EXPECT_TRUE(!std::filesystem::exists(state) || std::filesystem::is_empty(state));
}

TEST_F(ImporterTest, GoesOnWhereItWasInterrupted) {
  const ImportOptions options = Options(WriteArticles(95));
  BreakAfter(4);
  EXPECT_EQ(Import(options).code(), absl::StatusCode::kInternal);
  EXPECT_EQ(tally_.documents, 40u);
  server_.set_interfere(nullptr);
  ASSERT_TRUE(Import(options).ok());
  EXPECT_EQ(tally_.resumed_at_line, 41u);
  EXPECT_EQ(tally_.documents, 55u);
  EXPECT_THAT(server_.documents(), SizeIs(95));
  EXPECT_THAT(server_.taken(), SizeIs(95));
}

TEST_F(ImporterTest, AnotherStoreGetsAllLines) {
  const ImportOptions options = Options(WriteArticles(95));
  ImportFourBatches(options);
  server_.set_store("store-2", 1'000, v1::DURABILITY_SYNC);
  ASSERT_TRUE(Import(options).ok());
  EXPECT_EQ(tally_.resumed_at_line, std::nullopt);
  EXPECT_EQ(tally_.documents, 95u);
}

TEST_F(ImporterTest, ACollectionMadeAnewGetsAllLines) {
  const ImportOptions options = Options(WriteArticles(95));
  ImportFourBatches(options);
  server_.set_collection_created(2);
  ASSERT_TRUE(Import(options).ok());
  EXPECT_EQ(tally_.resumed_at_line, std::nullopt);
  EXPECT_EQ(tally_.documents, 95u);
}

TEST_F(ImporterTest, AnotherWayOfReadingIsAnotherImport) {
  ImportOptions options = Options(WriteArticles(95));
  ImportFourBatches(options);
  ASSERT_TRUE(AddMapping("byline=reporter", &options.format).ok());
  ASSERT_TRUE(Import(options).ok());
  EXPECT_EQ(tally_.resumed_at_line, std::nullopt);
  EXPECT_EQ(tally_.documents, 95u);
}

TEST_F(ImporterTest, CallsThatTheServerCancelsAreNotTakenForDone) {
  server_.set_interfere([](const std::string& rpc, int call) {
    return rpc == "SubmitBatch" && call >= 3 ? Error(grpc::StatusCode::CANCELLED, "going")
                                             : grpc::Status::OK;
  });
  ImportOptions options = Options(WriteArticles(95));
  options.retry_for = absl::Milliseconds(300);
  EXPECT_FALSE(Import(options).ok());
  server_.set_interfere(nullptr);
  ASSERT_TRUE(Import(options).ok());
  EXPECT_EQ(tally_.resumed_at_line, 21u);
  EXPECT_THAT(server_.documents(), SizeIs(95));
}

// A gzip file of the articles, without its last `cut` bytes.
std::string Packed(const std::string& path, size_t cut) {
  EXPECT_EQ(std::system(("gzip -k -f " + path).c_str()), 0);
  const std::string packed = path + ".gz";
  std::filesystem::resize_file(packed, std::filesystem::file_size(packed) - cut);
  return packed;
}

TEST_F(ImporterTest, AFileThatIsCutOffGivesItsWholeLinesAndSaysSo) {
  ImportOptions options = Options(Packed(WriteArticles(2'000), 400));
  options.files.push_back(WriteArticles(5));
  const absl::Status status = Import(options);
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << status;
  EXPECT_NE(status.message().find("whole lines"), absl::string_view::npos) << status;
  EXPECT_GT(server_.documents().size(), 500u);
  EXPECT_LT(server_.documents().size(), 2'000u);
  EXPECT_TRUE(server_.documents().contains("a0"));
  EXPECT_EQ(tally_.documents, server_.taken().size()) << "the file behind it was imported as well";
}

TEST_F(ImporterTest, AListIsTurnedAwayWithAdviceBeforeAnythingIsSent) {
  std::ofstream(folder_ / "list.json") << "[\n" << R"({"id":"a","body":"글"},)" << "\n]\n";
  const absl::Status status = Import(Options(folder_ / "list.json"));
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_NE(status.message().find("jq -c"), absl::string_view::npos);
  EXPECT_EQ(server_.calls("SubmitBatch"), 0);
}

TEST_F(ImporterTest, KeysLeftOutAndTimesWithoutZoneAreCounted) {
  std::ofstream file(folder_ / "wide.jsonl");
  for (int i = 0; i < 3; ++i) {
    file << R"({"id":"a)" << i << R"(","body":"글","published_at":"2025.04.15 09:00","html":")"
         << std::string(5'000, 'x') << "\"}\n";
  }
  file.close();
  ASSERT_TRUE(Import(Options(folder_ / "wide.jsonl")).ok());
  EXPECT_EQ(tally_.created, 3u);
  EXPECT_EQ(tally_.rejected, 0u);
  EXPECT_EQ(tally_.keys.left_out().at("html"), 3u);
  EXPECT_EQ(tally_.times_without_zone, 3u);
}

TEST_F(ImporterTest, AStoreThatWentBackGetsAllLines) {
  const ImportOptions options = Options(WriteArticles(95));
  ImportFourBatches(options);
  server_.set_store("store-1", 39, v1::DURABILITY_SYNC);
  ASSERT_TRUE(Import(options).ok());
  EXPECT_EQ(tally_.documents, 95u);
}

TEST_F(ImporterTest, AStoreThatIsNotDurableIsNeverResumed) {
  server_.set_store("store-1", 0, v1::DURABILITY_ASYNC);
  const ImportOptions options = Options(WriteArticles(95));
  ImportFourBatches(options);
  ASSERT_TRUE(Import(options).ok());
  EXPECT_EQ(tally_.documents, 95u);
}

TEST_F(ImporterTest, NoResumeStartsOver) {
  ImportOptions options = Options(WriteArticles(95));
  ImportFourBatches(options);
  options.resume = false;
  ASSERT_TRUE(Import(options).ok());
  EXPECT_EQ(tally_.documents, 95u);
}

TEST_F(ImporterTest, WaitsForAServerThatIsAway) {
  server_.set_interfere([](const std::string& rpc, int call) {
    return rpc == "SubmitBatch" && call >= 2 && call <= 4
               ? Error(grpc::StatusCode::UNAVAILABLE, "away")
               : grpc::Status::OK;
  });
  ASSERT_TRUE(Import(Options(WriteArticles(35))).ok());
  EXPECT_EQ(tally_.documents, 35u);
  EXPECT_EQ(server_.calls("GetStats"), 2);  // once at the start, once to see that all is as it was
}

TEST_F(ImporterTest, AStoreReplacedMeanwhileStopsTheImport) {
  server_.set_interfere([this](const std::string& rpc, int call) {
    if (rpc != "SubmitBatch" || call != 2) return grpc::Status::OK;
    server_.set_store("store-2", 0, v1::DURABILITY_SYNC);
    return Error(grpc::StatusCode::UNAVAILABLE, "away");
  });
  EXPECT_EQ(Import(Options(WriteArticles(35))).code(), absl::StatusCode::kAborted);
}

TEST_F(ImporterTest, ACollectionMadeAnewMeanwhileIsAnErrorThoughNoCallFailed) {
  server_.set_interfere([this](const std::string& rpc, int call) {
    if (rpc == "SubmitBatch" && call == 2) server_.set_collection_created(2);
    return grpc::Status::OK;
  });
  EXPECT_EQ(Import(Options(WriteArticles(35))).code(), absl::StatusCode::kAborted);
}

TEST_F(ImporterTest, GivesUpAfterTheTimeGiven) {
  server_.set_interfere([](const std::string& rpc, int) {
    return rpc == "SubmitBatch" ? Error(grpc::StatusCode::UNAVAILABLE, "away") : grpc::Status::OK;
  });
  ImportOptions options = Options(WriteArticles(35));
  options.retry_for = absl::Milliseconds(300);
  const absl::Time start = absl::Now();
  EXPECT_EQ(Import(options).code(), absl::StatusCode::kUnavailable);
  EXPECT_LT(absl::Now() - start, absl::Seconds(15));
}

TEST_F(ImporterTest, RejectsNameLineReasonAndDocument) {
  std::ofstream(folder_ / "mixed.jsonl") << R"({"id":"a","body":"좋은 글"})"
                                         << "\n"
                                         << "not json\n"
                                         << R"({"id":"c","title":"제목","body":"","extra":5})"
                                         << "\n"
                                         << "\n"
                                         << R"({"id":"e","body":"글","published_at":"어제"})"
                                         << "\n";
  ASSERT_TRUE(Import(Options(folder_ / "mixed.jsonl")).ok());
  EXPECT_EQ(tally_.documents, 4u);
  EXPECT_EQ(tally_.created, 1u);
  EXPECT_EQ(tally_.rejected, 3u);
  EXPECT_THAT(rejects_files_, ElementsAre((folder_ / "rejects.jsonl").string()));
  std::ifstream file(folder_ / "rejects.jsonl");
  std::map<int, nlohmann::json> rejects;
  for (std::string line; std::getline(file, line);) {
    const auto json = nlohmann::json::parse(line);
    rejects[json["line"]] = json;
  }
  ASSERT_THAT(rejects, SizeIs(3));
  EXPECT_EQ(rejects[2]["document"], "not json");
  EXPECT_TRUE(rejects[2]["id"].is_null());
  EXPECT_EQ(rejects[3]["id"], "c");
  EXPECT_EQ(rejects[3]["reason"], "document.body: empty");
  EXPECT_EQ(rejects[3]["document"]["labels"]["extra"], "5");
  EXPECT_EQ(rejects[5]["id"], "e");
  EXPECT_EQ(rejects[5]["document"]["published_at"], "어제");
}

// Lines of the rejects file, without the reasons.
std::vector<std::string> RejectedArticles(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::string> articles;
  for (std::string line; std::getline(file, line);) {
    const auto article = ArticleOfReject(line);
    EXPECT_TRUE(article.has_value()) << line;
    if (article.has_value()) articles.push_back(article->line);
  }
  return articles;
}

TEST_F(ImporterTest, RejectsCanBeImportedAgainAsTheyAre) {
  // The names of the file's keys stay, whoever turned a line away, and so does every digit.
  std::ofstream(folder_ / "mixed.jsonl")
      << R"({"no":12345678901234567890123,"text":"글 하나","when":"어제","big":1e400})" << "\n"
      << R"({"no":"b","text":"글 둘","when":"2025-04-15 09:00","labels":{"text":"x"}})" << "\n"
      << R"({"no":"c","text":)" << "\n"
      << R"({"no":"d","text":"글 넷)" << "\xEB\xB3\"}\n";
  server_.set_refuse([](const v1::Document& document) {
    return document.id() == "b" ? Error(grpc::StatusCode::FAILED_PRECONDITION, "blocked")
                                : grpc::Status::OK;
  });
  ImportOptions options = Options(folder_ / "mixed.jsonl");
  for (const char* mapping : {"id=no", "body=text", "published_at=when"}) {
    ASSERT_TRUE(AddMapping(mapping, &options.format).ok());
  }
  ASSERT_TRUE(Import(options).ok());
  EXPECT_EQ(tally_.rejected, 4u);
  const std::vector<std::string> first = RejectedArticles(folder_ / "rejects.jsonl");
  ASSERT_THAT(first, SizeIs(4));
  EXPECT_THAT(first, ::testing::Contains(
      R"({"no":12345678901234567890123,"text":"글 하나","when":"어제","big":1e400})"));
  EXPECT_THAT(first, ::testing::Contains(
      R"({"no":"b","text":"글 둘","when":"2025-04-15T00:00:00Z","labels":{"text":"x"}})"));

  // Again, with the same options: what is no fault any more goes in, the rest is as it was.
  server_.set_refuse(nullptr);
  options.files = {folder_ / "rejects.jsonl"};
  options.rejects = folder_ / "rejects2.jsonl";
  options.encoding = Encoding::kCp949;  // the rejects are ours, whatever the files are
  ASSERT_TRUE(Import(options).ok());
  EXPECT_EQ(tally_.created, 1u);
  EXPECT_EQ(tally_.rejected, 3u);
  EXPECT_EQ(server_.documents().at("b").body(), "글 둘");
  EXPECT_EQ(server_.documents().at("b").labels().at("text"), "x");
  EXPECT_EQ(server_.documents().at("b").published_at().seconds(), 1'744'675'200);
  std::vector<std::string> second = RejectedArticles(folder_ / "rejects2.jsonl");
  ASSERT_THAT(second, SizeIs(3));
  for (const std::string& line : second) EXPECT_THAT(first, ::testing::Contains(line));
}

TEST_F(ImporterTest, RejectsAreNeverWrittenOverAnInput) {
  ImportOptions options = Options(WriteArticles(5));
  options.files.push_back(folder_ / "rejects.jsonl");
  std::ofstream(folder_ / "rejects.jsonl") << R"({"id":"r","body":"글"})" << "\n";
  const absl::Status status = Import(options);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
  EXPECT_EQ(server_.calls("SubmitBatch"), 0);
}

TEST_F(ImporterTest, KeysThatAreNoFieldAreCountedWithTheMapThatReadsThem) {
  std::ofstream(folder_ / "other.jsonl")
      << R"({"news_id":"a","title":"제목","text":"글","extra":1})" << "\n"
      << R"({"news_id":"b","title":"제목","text":"글"})" << "\n";
  ASSERT_TRUE(Import(Options(folder_ / "other.jsonl")).ok());
  EXPECT_EQ(tally_.rejected, 2u);
  EXPECT_EQ(tally_.keys.labels().at("text"), 2u);
  EXPECT_EQ(tally_.keys.labels().at("extra"), 1u);
  EXPECT_EQ(tally_.keys.SuggestedMap(), "id=news_id,body=text");
}

TEST_F(ImporterTest, ProgressCountsWhatWasAcknowledged) {
  const std::string file = WriteArticles(95);
  const ImportOptions options = Options(file);
  ImportFourBatches(options);
  absl::Notification stop;
  server_.set_interfere([&](const std::string& rpc, int call) {
    if (rpc == "SubmitBatch" && call == 7) stop.WaitForNotification();
    return grpc::Status::OK;
  });
  Importer importer(client_.get(), options, [](const std::string&) {});
  std::thread thread([&] { EXPECT_TRUE(importer.Run().ok()); });
  while (importer.tally().documents < 10) absl::SleepFor(absl::Milliseconds(5));
  const ImportProgress progress = importer.progress();
  stop.Notify();
  thread.join();
  std::ifstream lines(file);
  std::vector<uint64_t> ends = {0};
  for (std::string line; std::getline(lines, line);) ends.push_back(ends.back() + line.size() + 1);
  EXPECT_EQ(progress.bytes_before, ends[40]);
  EXPECT_EQ(progress.bytes_settled, ends[50]);
  EXPECT_EQ(progress.bytes_total, ends[95]);
  EXPECT_EQ(importer.progress().bytes_settled, ends[95]);
}

TEST_F(ImporterTest, AnUnknownCollectionStopsTheImportAtOnce) {
  server_.set_interfere([](const std::string& rpc, int) {
    return rpc == "SubmitBatch" ? Error(grpc::StatusCode::NOT_FOUND, "no collection \"x\"")
                                : grpc::Status::OK;
  });
  EXPECT_EQ(Import(Options(WriteArticles(500))).code(), absl::StatusCode::kNotFound);
  EXPECT_LE(server_.calls("SubmitBatch"), 5);
}

TEST_F(ImporterTest, ProgressIsSavedWhileItRuns) {
  const ImportOptions options = Options(WriteArticles(95));
  absl::Notification stop;
  server_.set_interfere([&](const std::string& rpc, int call) {
    if (rpc == "SubmitBatch" && call == 5) stop.WaitForNotification();
    return grpc::Status::OK;
  });
  Importer importer(client_.get(), options, [](const std::string&) {});
  std::thread thread([&] { EXPECT_TRUE(importer.Run().ok()); });
  while (importer.tally().documents < 40) absl::SleepFor(absl::Milliseconds(5));
  importer.Tick();
  const ProgressStore records(options.state_folder);
  const auto record = records.Load(*MakeImportKey(options.files[0], "", server_.endpoint(),
                                                   ReadingOf(options)));
  ASSERT_TRUE(record.ok()) << record.status();
  EXPECT_EQ(record->settled.line, 40u);
  EXPECT_EQ(record->sequence, 40u);
  stop.Notify();
  thread.join();
}

TEST_F(ImporterTest, AMissingFileShowsBeforeAnythingIsSent) {
  ImportOptions options = Options(WriteArticles(5));
  options.files.push_back(folder_ / "none.jsonl");
  EXPECT_EQ(Import(options).code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(server_.calls("SubmitBatch"), 0);
}

}  // namespace
}  // namespace wonbon::client
