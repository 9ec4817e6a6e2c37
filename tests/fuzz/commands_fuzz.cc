// Sequences of commands: the engine answers as the plain reference does, and in the end the same
// stands. Two bytes a command: what it does, and to which of the documents sent before.
#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/corpus/derive.h"
#include "tests/corpus/random.h"
#include "tests/corpus/story.h"
#include "tests/fuzz/fuzz.h"
#include "tests/temporary_folder.h"
#include "tests/trust/model.h"

namespace wonbon::trust {
namespace {

using corpus::Kind;
using oracle::Command;

constexpr size_t kMostCommands = 24;
constexpr Kind kKinds[] = {Kind::kExact,   Kind::kHeadlineChanged, Kind::kTruncated,
                           Kind::kLightEdit, Kind::kBoardPage,     Kind::kRevision,
                           Kind::kRoundUp, Kind::kQuotation,       Kind::kBackground,
                           Kind::kRenumbered, Kind::kParagraphShuffle, Kind::kHtmlPage};

// Commands from bytes. The same bytes make the same commands.
class Commands {
 public:
  Commands(fuzz::Input input, absl::Time start) : input_(input), now_(start) {}

  bool over() const { return input_.empty() || made_ >= kMostCommands; }

  Command Next() {
    const uint8_t verb = input_.Byte();
    const uint8_t which = input_.Byte();
    ++made_;
    now_ += absl::Minutes(verb % 7 * 60);
    if (sent_.empty() || verb < 60) return Publish(which);
    const Sent& base = sent_[which % sent_.size()];
    if (verb < 190) return Derive(base, kKinds[verb % std::size(kKinds)], verb % 5 == 0);
    if (verb < 215) return Submit(base);
    if (verb < 245) return {.kind = Command::Kind::kDelete, .id = base.document.id};
    now_ += absl::Hours(24 * (which % 16));
    return {.kind = Command::Kind::kExpire};
  }
  absl::Time now() const { return now_; }

 private:
  struct Sent {
    corpus::Story story;
    Document document;
  };

  Command Submit(Sent sent) {
    sent_.push_back(sent);
    return {.kind = Command::Kind::kSubmit, .document = std::move(sent.document)};
  }
  std::string NewId() { return std::to_string(sent_.size() % 3) + "-" + std::to_string(made_); }
  Command Publish(uint8_t which) {
    corpus::Random random(which);
    Sent sent{.story = corpus::WriteStory(8, random)};
    sent.document = corpus::Publish(sent.story, NewId(), random);
    sent.document.published_at = now_ - absl::Hours(which % 48);
    return Submit(std::move(sent));
  }
  Command Derive(Sent base, Kind kind, bool same_id) {
    corpus::Random random(made_);
    if (!base.document.published_at.has_value()) base.document.published_at = now_;
    const std::string id = same_id ? base.document.id : NewId();
    base.document = corpus::Derive(base.story, base.document, kind, random);
    base.document.id = id;
    return Submit(std::move(base));
  }

  fuzz::Input input_;
  size_t made_ = 0;
  absl::Time now_;
  std::vector<Sent> sent_;
};

// Opening an engine takes far longer than the commands: one serves many inputs, each with a
// collection of its own. Not too many: the reference knows no document frequencies, which the
// engine begins to judge by at 512 stories. The clock goes on from one input to the next.
class Engines {
 public:
  Engine& Next() {
    if (engine_ == nullptr || ++inputs_ > kInputs) Open();
    return *engine_;
  }
  void SetNow(absl::Time now) { now_ = now; }
  absl::Time now() const { return now_; }

 private:
  static constexpr int kInputs = 500 / kMostCommands;

  void Open() {
    engine_.reset();
    folder_.emplace();
    Engine::Options options;
    options.store.dir = folder_->path();
    options.store.durability = Durability::kAsync;
    options.now = [this] { return now_; };
    engine_ = Engine::Open(std::move(options)).value();
    inputs_ = 0;
  }

  absl::Time now_ = absl::FromUnixSeconds(1'770'000'000);
  int inputs_ = 0;
  std::optional<TemporaryFolder> folder_;
  std::unique_ptr<Engine> engine_;
};

void ExpectSame(const std::string& got, const std::string& expected) {
  if (got == expected) return;
  std::fprintf(stderr, "engine: %s\nmodel: %s\n", got.c_str(), expected.c_str());
  FUZZ_PROMISE(got == expected);
}

void Compare(fuzz::Input input) {
  static Engines& engines = *new Engines();
  const std::string collection = "fuzz";
  Engine& engine = engines.Next();
  Commands commands(input, engines.now() + absl::Hours(1));
  engines.SetNow(commands.now());
  FUZZ_PROMISE(engine.CreateCollection(collection, Settings()).ok());
  Model model(engine.GetStats().sequence, collection);
  while (!commands.over()) {
    const Command command = commands.Next();
    engines.SetNow(commands.now());
    const Answer expected = model.Apply(engine, command, commands.now());
    ExpectSame(Run(engine, command, collection).told, expected.told);
  }
  ExpectSame(Difference(model.StandingIn(engine).value(), model.Standing()), "");
  FUZZ_PROMISE(engine.DeleteCollection(collection, true).ok());
}

}  // namespace
}  // namespace wonbon::trust

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  wonbon::trust::Compare(wonbon::fuzz::Input(data, size));
  return 0;
}
