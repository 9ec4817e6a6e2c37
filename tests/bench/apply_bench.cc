// What it costs to apply changes that another engine decided.
//
// usage: apply_bench DIR [documents] [group] [async]
//        apply_bench DIR ARTICLES.jsonl [group] [async]
//
// Submits generated documents, or those of a file, to one engine, keeps its changes as bytes, then
// applies them to a second one in groups. Prints, a document: bytes, decoding, applying (wall and
// CPU of the process, with the store's flushes and compactions).
#include <time.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/engine.h"
#include "core/store/change_codec.h"
#include "tests/corpus/corpus.h"
#include "tests/eval/article_line.h"

namespace {

using wonbon::Change;
using wonbon::Document;
using wonbon::Engine;

double Seconds(clockid_t clock) {
  timespec now;
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

struct Times {
  double wall = Seconds(CLOCK_MONOTONIC);
  double cpu = Seconds(CLOCK_PROCESS_CPUTIME_ID);
};

void Print(const char* what, const Times& begin, size_t documents) {
  const Times end;
  const double scale = 1e6 / static_cast<double>(documents);
  std::printf("%-10s %6.1f us wall %6.1f us CPU a document\n", what,
              (end.wall - begin.wall) * scale, (end.cpu - begin.cpu) * scale);
}

void Check(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  std::exit(1);
}

std::vector<Document> Generate(size_t count) {
  wonbon::corpus::Options options;
  options.stories = count / 5;
  std::vector<Document> documents;
  for (wonbon::corpus::Item& item : wonbon::corpus::MakeCorpus(options)) {
    documents.push_back(std::move(item.document));
  }
  return documents;
}

std::unique_ptr<Engine> Open(const std::string& dir, const char* name, bool async,
                             std::vector<std::string>* log) {
  Engine::Options options;
  options.store.dir = absl::StrCat(dir, "/", name);
  options.store.seed_file = absl::StrCat(dir, "/seed");
  options.store.durability = async ? wonbon::Durability::kAsync : wonbon::Durability::kSync;
  if (log != nullptr) {
    options.on_changes = [log](absl::Span<const Change> changes) {
      for (const Change& change : changes) log->push_back(wonbon::EncodeChange(change));
    };
  }
  absl::StatusOr<std::unique_ptr<Engine>> engine = Engine::Open(std::move(options));
  Check(engine.status());
  return *std::move(engine);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: apply_bench DIR [documents | ARTICLES.jsonl] [group] [async]\n");
    return 2;
  }
  const std::string dir = absl::StrCat(argv[1], "/apply_bench.data");
  std::filesystem::remove_all(dir);
  std::filesystem::create_directories(dir);
  size_t count = 20'000;
  const bool is_count = argc <= 2 || absl::SimpleAtoi(argv[2], &count);
  const std::vector<Document> documents =
      is_count ? Generate(count) : wonbon::ReadDocuments(argv[2]);
  const size_t group = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 64;
  const bool async = argc > 4 && std::strcmp(argv[4], "async") == 0;
  {
    std::FILE* seed = std::fopen(absl::StrCat(dir, "/seed").c_str(), "w");
    std::fputs("sixteen seed bys", seed);
    std::fclose(seed);
    std::filesystem::permissions(absl::StrCat(dir, "/seed"), std::filesystem::perms::owner_read);
  }
  std::vector<std::string> log;
  std::string digest;
  {
    const auto first = Open(dir, "first", /*async=*/true, &log);
    Check(first->EnsureDefaultCollection());
    const Times begin;
    for (const Document& document : documents) Check(first->Submit("", document).status());
    Print("submit", begin, documents.size());
    digest = first->GetStats(/*with_state_digest=*/true).state_digest;
  }
  size_t bytes = 0;
  for (const std::string& change : log) bytes += change.size();
  std::printf("%zu changes, %zu bytes a document\n", log.size(), bytes / documents.size());

  const auto second = Open(dir, "second", async, nullptr);
  Times begin;
  std::vector<Change> changes;
  for (const std::string& encoded : log) {
    absl::StatusOr<Change> change = wonbon::DecodeChange(encoded);
    Check(change.status());
    changes.push_back(*std::move(change));
  }
  Print("decode", begin, documents.size());
  begin = Times();
  for (size_t i = 0; i < changes.size(); i += group) {
    std::vector<Change> part;
    for (size_t k = i; k < std::min(changes.size(), i + group); ++k) {
      part.push_back(std::move(changes[k]));
    }
    Check(second->ApplyChanges(std::move(part)));
  }
  Print("apply", begin, documents.size());
  const bool equal = second->GetStats(/*with_state_digest=*/true).state_digest == digest;
  std::printf("the states are %s\n", equal ? "equal" : "NOT equal");
  std::filesystem::remove_all(dir);
  return equal ? 0 : 1;
}
