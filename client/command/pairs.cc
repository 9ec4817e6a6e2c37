#include "client/command/pairs.h"

#include <deque>
#include <memory>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "client/command/json.h"

namespace wonbon::client {
namespace {

// Answers that may wait for an earlier one, per request that may run.
constexpr size_t kWindowPerRequest = 16;

struct Pair {
  std::string a, b;
  std::string error;  // of the line itself
  std::string answer;
  bool failed = false;
  bool unreachable = false;
  bool done = false;
  absl::Status status;
};

Pair ParsePair(const std::string& line, uint64_t number) {
  Pair pair;
  const size_t tab = line.find('\t');
  pair.a = line.substr(0, tab);
  if (tab != line.npos) pair.b = line.substr(tab + 1, line.find('\t', tab + 1) - tab - 1);
  if (pair.a.empty() || pair.b.empty()) {
    pair.error = "line " + std::to_string(number) + ": not two ids with a tab between";
  }
  return pair;
}

class PairComparer {
 public:
  PairComparer(const Client& client, const std::string& collection, int concurrency,
               std::ostream& out)
      : client_(client),
        collection_(collection),
        window_(kWindowPerRequest * static_cast<size_t>(concurrency)),
        out_(out) {
    for (int i = 0; i < concurrency; ++i) threads_.emplace_back([this] { Work(); });
  }

  ~PairComparer() {
    {
      absl::MutexLock lock(&mutex_);
      finished_ = true;
    }
    for (std::thread& thread : threads_) thread.join();
  }

  // False once the server cannot be reached.
  bool Add(Pair pair) {
    auto shared = std::make_shared<Pair>(std::move(pair));
    absl::MutexLock lock(&mutex_);
    while (pairs_.size() >= window_) PrintFirst();
    pairs_.push_back(shared);
    todo_.push_back(std::move(shared));
    while (!pairs_.empty() && pairs_.front()->done) PrintFirst();
    return unreachable_.ok();
  }

  absl::StatusOr<uint64_t> Finish() {
    absl::MutexLock lock(&mutex_);
    while (!pairs_.empty()) PrintFirst();
    if (!unreachable_.ok()) return unreachable_;
    return failed_;
  }

 private:
  void PrintFirst() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const std::shared_ptr<Pair> first = pairs_.front();
    mutex_.Await(absl::Condition(&first->done));
    pairs_.pop_front();
    if (first->failed) ++failed_;
    if (first->unreachable && unreachable_.ok()) unreachable_ = first->status;
    if (!unreachable_.ok()) return;
    out_ << first->answer << '\n';
  }

  bool HasWork() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return finished_ || !todo_.empty(); }

  void Work() {
    for (;;) {
      std::shared_ptr<Pair> pair;
      {
        absl::MutexLock lock(&mutex_);
        mutex_.Await(absl::Condition(this, &PairComparer::HasWork));
        if (todo_.empty()) return;
        pair = std::move(todo_.front());
        todo_.pop_front();
        if (!unreachable_.ok()) {
          pair->failed = pair->done = true;
          continue;
        }
      }
      Compare(pair.get());
      absl::MutexLock lock(&mutex_);
      pair->done = true;
    }
  }

  void Compare(Pair* pair) const {
    Json json = {{"a", pair->a}, {"b", pair->b}};
    if (pair->error.empty()) {
      v1::CompareRequest request;
      request.set_collection(collection_);
      request.mutable_a()->set_document_id(pair->a);
      request.mutable_b()->set_document_id(pair->b);
      request.set_view(v1::VIEW_BASIC);
      const absl::StatusOr<v1::CompareResponse> response = client_.Compare(request);
      if (response.ok()) {
        Json answer = ToJson(*response);
        for (const char* spans : {"shared", "only_a", "only_b"}) answer.erase(spans);
        json.update(answer);
      } else {
        pair->error = std::string(response.status().message());
        pair->status = response.status();
        pair->unreachable = response.status().code() == absl::StatusCode::kUnavailable ||
                            response.status().code() == absl::StatusCode::kUnauthenticated ||
                            response.status().code() == absl::StatusCode::kPermissionDenied;
      }
    }
    if (!pair->error.empty()) {
      json["error"] = pair->error;
      pair->failed = true;
    }
    pair->answer = Dump(json);
  }

  const Client& client_;
  const std::string collection_;
  const size_t window_;
  std::ostream& out_;

  absl::Mutex mutex_;
  std::deque<std::shared_ptr<Pair>> pairs_ ABSL_GUARDED_BY(mutex_);  // in order, not printed yet
  std::deque<std::shared_ptr<Pair>> todo_ ABSL_GUARDED_BY(mutex_);
  uint64_t failed_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Status unreachable_ ABSL_GUARDED_BY(mutex_);
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;

  std::vector<std::thread> threads_;  // last: they use the rest
};

}  // namespace

absl::StatusOr<uint64_t> ComparePairs(const Client& client, const std::string& collection,
                                      int concurrency, std::istream& in, std::ostream& out) {
  PairComparer comparer(client, collection, concurrency, out);
  std::string line;
  for (uint64_t number = 1; std::getline(in, line); ++number) {
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty()) continue;
    if (!comparer.Add(ParsePair(line, number))) break;
  }
  return comparer.Finish();
}

}  // namespace wonbon::client
