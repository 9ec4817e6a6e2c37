// Which labelled pairs the index puts before the judge: articles are submitted to an engine one by
// one, and when the later document of a pair comes, it is noted what it was judged against.
//
// usage: candidate_recall ARTICLES.jsonl SEED_FILE FOLDER PAIRS.tsv...
//
// FOLDER is made, and holds the engine's data. PAIRS begin with a line of names, then two ids a
// line. Prints one row a pair: both ids, 1 where a member of the earlier document's cluster was
// judged, 1 where the earlier document itself was; last a line "# documents N pairs N" with the
// pairs judged for all documents.
#include <simdjson.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "absl/strings/str_split.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "core/engine.h"
#include "tests/eval/article_line.h"

namespace wonbon {
namespace {

[[noreturn]] void Fail(std::string_view message) {
  std::fprintf(stderr, "candidate_recall: %.*s\n", static_cast<int>(message.size()),
               message.data());
  std::exit(1);
}

template <typename T>
T Require(absl::StatusOr<T> result) {
  if (!result.ok()) Fail(result.status().ToString());
  return *std::move(result);
}

struct Pair {
  std::string a, b;
  bool cluster_judged = false;
  bool itself_judged = false;
};

class Import {
 public:
  explicit Import(Engine::Options options) : engine_(Require(Engine::Open(std::move(options)))) {
    const absl::Status made = engine_->EnsureDefaultCollection();
    if (!made.ok()) Fail(made.ToString());
  }

  void AddPair(std::string a, std::string b) {
    pairs_of_[a].push_back(pairs_.size());
    pairs_of_[b].push_back(pairs_.size());
    pairs_.push_back({.a = std::move(a), .b = std::move(b)});
  }

  void Submit(Document document) {
    const std::string id = document.id;
    std::vector<std::unique_ptr<Submission>> batch;
    batch.push_back(Require(engine_->Prepare("", std::move(document))));
    Submission& submission = *batch.front();
    const std::shared_ptr<const PreparedDocument> prepared = submission.prepared;
    engine_->Prejudge(submission);
    pairs_judged_ += submission.judgements.judged();
    Note(id, submission);

    absl::Notification done;
    const absl::Status queued = engine_->Enqueue(
        std::move(batch), {}, [&](std::vector<absl::StatusOr<Decision>> decisions) {
          if (!decisions.front().ok()) Fail(decisions.front().status().ToString());
          done.Notify();
        });
    if (!queued.ok()) Fail(queued.ToString());
    done.WaitForNotification();
    numbers_[id] = prepared->number;
  }

  void Print() const {
    std::puts("id_a\tid_b\tcluster_judged\titself_judged");
    for (const Pair& pair : pairs_) {
      std::printf("%s\t%s\t%d\t%d\n", pair.a.c_str(), pair.b.c_str(), pair.cluster_judged,
                  pair.itself_judged);
    }
    std::printf("# documents %zu pairs %zu\n", numbers_.size(), pairs_judged_);
  }

 private:
  // Which earlier partners of `id` its submission was judged against.
  void Note(const std::string& id, Submission& submission) {
    const auto pairs = pairs_of_.find(id);
    if (pairs == pairs_of_.end()) return;
    for (const size_t index : pairs->second) {
      Pair& pair = pairs_[index];
      const std::string& earlier = pair.a == id ? pair.b : pair.a;
      if (!numbers_.contains(earlier)) continue;
      pair.itself_judged = WasJudged(earlier, submission);
      const ClusterId home = Require(engine_->GetDocument("", earlier, false)).cluster;
      Engine::DocumentPage page;
      do {
        page = Require(engine_->ListClusterDocuments("", home, page.next, kMaxPageSize, false));
        for (const StoredDocument& member : page.documents) {
          if (WasJudged(member.document.id, submission)) pair.cluster_judged = true;
        }
      } while (page.next != DocumentNumber::kNone);
    }
  }

  bool WasJudged(const std::string& earlier, Submission& submission) const {
    // What was judged is remembered; for the rest there is no article to judge.
    const DocumentFetcher none = [](DocumentNumber) { return absl::NotFoundError(""); };
    return submission.judgements.Of(submission.prepared->profile, numbers_.at(earlier), none).ok();
  }

  const std::unique_ptr<Engine> engine_;
  std::unordered_map<std::string, DocumentNumber> numbers_;  // of the documents so far
  std::vector<Pair> pairs_;
  std::unordered_map<std::string, std::vector<size_t>> pairs_of_;  // indices into pairs_
  size_t pairs_judged_ = 0;
};

void ReadPairs(const char* path, Import& import) {
  std::ifstream in(path);
  std::string line;
  if (!std::getline(in, line)) Fail(std::string("cannot read ") + path);  // names of the columns
  while (std::getline(in, line)) {
    const std::vector<std::string> cells = absl::StrSplit(line, '\t');
    if (cells.size() < 2) Fail(std::string("no two ids in a line of ") + path);
    import.AddPair(cells[0], cells[1]);
  }
}

int Run(int argc, char** argv) {
  Engine::Options options;
  options.store = {.dir = argv[3], .durability = Durability::kAsync, .seed_file = argv[2]};
  Import import(std::move(options));
  for (int i = 4; i < argc; ++i) ReadPairs(argv[i], import);
  std::ifstream articles(argv[1]);
  if (!articles) Fail(std::string("cannot read ") + argv[1]);
  simdjson::dom::parser parser;
  for (std::string line; std::getline(articles, line);) {
    import.Submit(ReadDocument(parser.parse(line)));
  }
  import.Print();
  return 0;
}

}  // namespace
}  // namespace wonbon

int main(int argc, char** argv) {
  if (argc < 5) {
    std::cerr << "usage: candidate_recall ARTICLES.jsonl SEED_FILE FOLDER PAIRS.tsv...\n";
    return 2;
  }
  return wonbon::Run(argc, argv);
}
