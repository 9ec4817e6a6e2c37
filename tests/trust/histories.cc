// Many threads on one engine, and bugs put into what they saw on purpose, to prove that the check
// sees each.
#include <atomic>
#include <cstdio>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/check.h"
#include "tests/corpus/random.h"
#include "tests/temporary_folder.h"
#include "tests/trust/campaigns.h"
#include "tests/trust/child.h"
#include "tests/trust/history.h"
#include "tests/trust/session.h"

namespace wonbon::trust {
namespace {

constexpr size_t kThreads = 4;
constexpr size_t kCommands = 240;

enum class Bug : uint8_t {
  kNone,
  kLostWrite,
  kStaleRead,
  kDoubleApply,
  kWrongCanonical,
  kReusedSequence,
  kHalfAMerge,
};
constexpr Bug kBugs[] = {Bug::kLostWrite,      Bug::kStaleRead,      Bug::kDoubleApply,
                         Bug::kWrongCanonical, Bug::kReusedSequence, Bug::kHalfAMerge};
constexpr const char* kBugNames[] = {"none",            "lost write",      "stale read",
                                     "double apply",    "wrong canonical", "reused sequence",
                                     "half a merge"};

// Records what threads do; they take commands from one list.
class Recorder {
 public:
  Recorder(uint64_t seed, Bug bug) : bug_(bug), commands_(CommandsOf(seed, kCommands)) {
    history_.now = commands_.back().now;
    Engine::Options options;
    options.store.dir = folder_.path();
    options.store.durability = Durability::kAsync;
    options.now = [now = history_.now] { return now; };
    engine_ = Engine::Open(std::move(options)).value();
    WONBON_CHECK(SetUp(*engine_).ok());
    history_.base = engine_->GetStats().sequence;
  }

  const History& Record(uint64_t seed) {
    std::vector<std::thread> threads;
    for (size_t i = 0; i < kThreads; ++i) {
      threads.emplace_back([this, random = corpus::Random(seed).Fork(i)]() mutable {
        Work(random);
      });
    }
    for (std::thread& thread : threads) thread.join();
    auto standing = ModelOf(history_, *engine_).StandingIn(*engine_);
    WONBON_CHECK(standing.ok());
    history_.standing = *std::move(standing);
    return history_;
  }
  const Engine& engine() const { return *engine_; }

 private:
  void Work(corpus::Random random) {
    for (size_t i; (i = next_++) < commands_.size();) {
      Operation operation{.command = commands_[i].command};
      operation.when.invoked = ++ticks_;
      operation.answer = Run(*engine_, operation.command);
      operation.when.returned = ++ticks_;
      // One that was taken: some are refused, and would be again.
      const bool taken = operation.command.kind == oracle::Command::Kind::kSubmit &&
                         operation.answer.sequence > 0;
      if (bug_ == Bug::kDoubleApply && i >= kCommands / 2 && taken &&
          !applied_again_.exchange(true)) {
        ApplyAgain(operation.command);
      }
      Keep(std::move(operation));
      ReadOne(random);
    }
  }
  // What a retry would do that is not recognised: the document once more, as another one.
  void ApplyAgain(oracle::Command command) {
    command.document.id += "-again";
    WONBON_CHECK(Run(*engine_, command).sequence > 0);
  }
  void ReadOne(corpus::Random& random) {
    Read read;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      const Operation& chosen = random.Pick(history_.operations);
      if (chosen.command.kind != oracle::Command::Kind::kSubmit) return;
      read.id = chosen.command.document.id;
    }
    read.when.invoked = ++ticks_;
    const auto document = engine_->GetDocument(kCollection, read.id, false);
    read.seen = document.ok() ? document->sequence : 0;
    read.when.returned = ++ticks_;
    const std::lock_guard<std::mutex> lock(mutex_);
    history_.reads.push_back(std::move(read));
  }
  void Keep(Operation operation) {
    const std::lock_guard<std::mutex> lock(mutex_);
    history_.operations.push_back(std::move(operation));
  }

  const Bug bug_;
  const std::vector<TimedCommand> commands_;
  const TemporaryFolder folder_;
  std::unique_ptr<Engine> engine_;
  std::atomic<size_t> next_{0};
  std::atomic<uint64_t> ticks_{0};
  std::atomic<bool> applied_again_{false};
  std::mutex mutex_;
  History history_;
};

// A read that began after its document's newest version was acknowledged, made to see the one
// before.
bool MakeAReadStale(History* history) {
  for (Read& read : history->reads) {
    for (const Operation& operation : history->operations) {
      if (operation.command.kind != oracle::Command::Kind::kSubmit ||
          operation.command.document.id != read.id || operation.answer.sequence == 0 ||
          operation.when.returned >= read.when.invoked || read.seen < operation.answer.sequence) {
        continue;
      }
      read.seen = operation.answer.sequence - 1;
      return true;
    }
  }
  return false;
}

bool GiveASequenceTwice(History* history) {
  Operation* first = nullptr;
  for (Operation& operation : history->operations) {
    if (operation.answer.sequence == 0) continue;
    if (first != nullptr) {
      operation.answer.sequence = first->answer.sequence;
      return true;
    }
    first = &operation;
  }
  return false;
}

// The canonical copy of a cluster of several is another one of its documents.
bool ElectAnother(Picture* standing) {
  for (auto& [about, words] : *standing) {
    if (!absl::StartsWith(about, "cluster ") || absl::StrContains(words, "size 1,")) continue;
    const std::string in = absl::StrCat("in ", about.substr(8), " ");
    for (const auto& [member, place] : *standing) {
      if (!absl::StartsWith(member, "document ") || !absl::StartsWith(place, in)) continue;
      const std::string id = member.substr(9);
      if (absl::StartsWith(words, absl::StrCat("canonical ", id, " "))) continue;
      words = absl::StrCat("canonical ", id, words.substr(words.find(" reason")));
      return true;
    }
  }
  return false;
}

// The younger cluster of a merge does not lead to the older one.
bool ForgetARedirect(Picture* standing) {
  for (auto& [about, words] : *standing) {
    if (!absl::StartsWith(about, "redirect ") || words == "nowhere") continue;
    words = about.substr(9);
    return true;
  }
  return false;
}

bool LoseADocument(Picture* standing) {
  const auto found = standing->lower_bound("document ");
  if (found == standing->end() || !absl::StartsWith(found->first, "document ")) return false;
  standing->erase(found);
  return true;
}

// False where the history has no place for this bug.
bool PutIn(Bug bug, History* history) {
  switch (bug) {
    case Bug::kLostWrite: return LoseADocument(&history->standing);
    case Bug::kStaleRead: return MakeAReadStale(history);
    case Bug::kWrongCanonical: return ElectAnother(&history->standing);
    case Bug::kReusedSequence: return GiveASequenceTwice(history);
    case Bug::kHalfAMerge: return ForgetARedirect(&history->standing);
    case Bug::kDoubleApply:  // was put in as it was recorded
    case Bug::kNone: break;
  }
  return true;
}

// What the check says of one history with one bug; "no place" where it could not be put in.
Ending CheckOne(uint64_t seed, Bug bug) {
  return InChild([&](std::string* out) {
    Recorder recorder(seed, bug);
    History history = recorder.Record(seed);
    size_t changes = 0;
    for (const Operation& operation : history.operations) changes += operation.answer.sequence > 0;
    const bool placed = PutIn(bug, &history);
    const std::string wrong = placed ? Check(history, recorder.engine()) : "no place";
    *out = wrong;
    if (bug == Bug::kNone && wrong.empty()) *out = absl::StrCat(changes);
    return wrong.empty() ? 0 : 1;
  });
}

}  // namespace

Row Histories(const Options& options) {
  Row row{.campaign = "histories"};
  for (uint64_t run = 0; run < options.runs; ++run) {
    const uint64_t seed = options.seed * 1'000 + run;
    const Ending ending = CheckOne(seed, Bug::kNone);
    ++row.runs;
    row.died += ending.died;
    row.different += ending.code != 0;
    if (ending.died || ending.code != 0) {
      std::fprintf(stderr, "histories: seed %llu: %s\n", static_cast<unsigned long long>(seed),
                   ending.words.c_str());
    } else {
      row.acknowledged += std::stoull(ending.words);
    }
  }
  return row;
}

Row SeededBugs(const Options& options) {
  Row row{.campaign = "seeded-bugs"};
  for (const Bug bug : kBugs) {
    const char* name = kBugNames[static_cast<size_t>(bug)];
    Ending ending;
    uint64_t seed = options.seed * 1'000;
    do {
      ending = CheckOne(++seed, bug);
    } while (ending.words == "no place" && seed < options.seed * 1'000 + 50);
    const bool caught = ending.code == 1 && !ending.died && ending.words != "no place";
    ++row.runs;
    row.faults += caught;
    row.different += !caught;
    std::fprintf(stderr, "seeded bug: %s: %s: %.160s\n", name, caught ? "caught" : "NOT CAUGHT",
                 ending.words.c_str());
  }
  // A sync that lies: the power cut must lose what was answered, and the judgement must see it.
  Row lying = PowerCutsWithLyingSyncs({.runs = 10, .seed = options.seed, .folder = options.folder});
  const bool caught = lying.lost + lying.different > 0;
  ++row.runs;
  row.faults += caught;
  row.different += !caught;
  std::fprintf(stderr, "seeded bug: skipped sync: %s in %llu of 10 power cuts\n",
               caught ? "caught" : "NOT CAUGHT",
               static_cast<unsigned long long>(lying.lost + lying.different));
  return row;
}

}  // namespace wonbon::trust
