#include "tests/trust/session.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <optional>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/synchronization/notification.h"
#include "core/check.h"
#include "tests/trust/child.h"

namespace wonbon::trust {
namespace {

using oracle::Command;

absl::StatusOr<std::unique_ptr<Engine>> Open(const Place& place, rocksdb::Env* env,
                                             absl::Time* now) {
  Engine::Options options;
  options.store.dir = place.folder;
  options.store.env = env;
  options.now = [now] { return *now; };
  return Engine::Open(std::move(options));
}

// Lines that are there once Note returns, whatever becomes of the process.
class Notes {
 public:
  explicit Notes(const std::string& path)
      : fd_(open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) {
    WONBON_CHECK(fd_ >= 0);
  }
  ~Notes() { close(fd_); }
  Notes(const Notes&) = delete;
  Notes& operator=(const Notes&) = delete;

  void Note(size_t command, const Answer& answer) {
    Line(absl::StrCat(command, "\t", answer.acknowledged, "\t", answer.sequence, "\t",
                      absl::CEscape(answer.told)));
  }
  void Line(const std::string& line) {
    const std::string bytes = line + "\n";
    WONBON_CHECK(write(fd_, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  }

 private:
  const int fd_;
};

struct Noted {
  Sequence set_up = 0;
  struct One {
    std::optional<Sequence> opened;  // the store was opened, and stood there; else an answer:
    size_t command = 0;
    Answer answer;
  };
  std::vector<One> lines;
};

Noted ReadNotes(const std::string& path) {
  Noted noted;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    const std::vector<std::string> fields = absl::StrSplit(line, '\t');
    if (fields.size() == 1) {
      WONBON_CHECK(absl::SimpleAtoi(fields[0], &noted.set_up));
      continue;
    }
    Noted::One& one = noted.lines.emplace_back();
    if (fields.size() == 2) {
      WONBON_CHECK(absl::SimpleAtoi(fields[1], &one.opened.emplace()));
      continue;
    }
    WONBON_CHECK(fields.size() == 4 && absl::SimpleAtoi(fields[0], &one.command) &&
                 absl::SimpleAtoi(fields[2], &one.answer.sequence));
    one.answer.acknowledged = fields[1] == "1";
    WONBON_CHECK(absl::CUnescape(fields[3], &one.answer.told));
  }
  return noted;
}

Verdict Refused(const absl::Status& status, size_t acknowledged) {
  return {Verdict::Kind::kRefused, acknowledged, status.ToString()};
}

// The model as it was when the last answer was given, and the commands that may be there too.
struct Replay {
  explicit Replay(Sequence set_up) : model(set_up), last(set_up) {}

  Model model;
  Sequence last = 0;  // of the last change that is known to stand
  size_t acknowledged = 0;
  std::vector<size_t> open;  // refused since the store was opened, or without an answer
  std::string difference;    // in an answer
};

// The store was opened again. What was refused last may have reached the disk all the same: then it
// stands from here on, and what follows was decided beside it. Only the first one can: the store
// takes nothing more after it until it has got over the error.
void OpenedAgain(const Engine& engine, const std::vector<TimedCommand>& commands, Sequence stood,
                 Replay* replay) {
  if (stood > replay->last && !replay->open.empty()) {
    const TimedCommand& timed = commands[replay->open.front()];
    replay->model.Apply(engine, timed.command, timed.now);
    replay->last = stood;
  }
  replay->open.clear();
}

Replay ReplayNotes(const Engine& engine, const std::vector<TimedCommand>& commands,
                   const Noted& noted) {
  Replay replay(noted.set_up);
  size_t next = 0;
  for (const Noted::One& one : noted.lines) {
    if (one.opened.has_value()) {
      OpenedAgain(engine, commands, *one.opened, &replay);
      continue;
    }
    next = one.command + 1;
    if (!one.answer.acknowledged) {
      replay.open.push_back(one.command);
      continue;
    }
    ++replay.acknowledged;
    // Only a change is proof that the store got over its error; "unchanged" needs no disk.
    if (one.answer.sequence > 0) {
      replay.open.clear();
      replay.last = one.answer.sequence;
    }
    const TimedCommand& timed = commands[one.command];
    const Answer expected = replay.model.Apply(engine, timed.command, timed.now);
    if (expected.told != one.answer.told && replay.difference.empty()) {
      replay.difference = absl::StrCat("command ", one.command, ": engine: ", one.answer.told,
                                       "; model: ", expected.told);
    }
  }
  if (next < commands.size()) replay.open.push_back(next);
  return replay;
}

}  // namespace

std::vector<TimedCommand> CommandsOf(uint64_t seed, size_t count) {
  absl::Time now = absl::FromUnixSeconds(1'770'000'000);
  oracle::CommandSequence sequence(seed, now);
  std::vector<TimedCommand> commands;
  while (commands.size() < count) {
    Command command = sequence.Next();
    now += command.passes;
    if (command.kind == Command::Kind::kExpire) continue;
    commands.push_back({std::move(command), now});
  }
  return commands;
}

int MakeBase(const Place& place) {
  FaultyDisk disk({});
  const std::vector<TimedCommand> commands = CommandsOf(place.seed, kBaseCommands);
  absl::Time now = commands.front().now;
  Notes notes(place.answers);
  for (size_t i = 0; i < commands.size();) {
    auto engine = Open(place, disk.env(), &now);
    WONBON_CHECK(engine.ok());
    if (i == 0) {
      WONBON_CHECK(SetUp(**engine).ok());
      notes.Line(absl::StrCat((*engine)->GetStats().sequence));
    }
    for (const size_t end = i + kBaseCommands / 2; i < end; ++i) {
      now = commands[i].now;
      notes.Note(i, Run(**engine, commands[i].command));
    }
  }
  return 0;
}

int GoOn(const Place& place, FaultyDisk& disk) {
  const std::vector<TimedCommand> commands = CommandsOf(place.seed, kBaseCommands + kRunCommands);
  absl::Time now = commands[kBaseCommands].now;
  Notes notes(place.answers);
  for (size_t i = kBaseCommands; i < commands.size();) {
    auto engine = Open(place, disk.env(), &now);
    if (!engine.ok()) return kDidNotOpen;
    notes.Line(absl::StrCat("open\t", (*engine)->GetStats().sequence));
    for (const size_t end = i + kRunCommands / kSessions; i < end; ++i) {
      now = commands[i].now;
      const Answer answer = Run(**engine, commands[i].command);
      notes.Note(i, answer);
      if (answer.acknowledged) continue;
      // As the server does on its timer.
      absl::Notification looked;
      if ((*engine)->ResumeWrites([&looked] { looked.Notify(); }).ok()) {
        looked.WaitForNotification();
      }
    }
  }
  return 0;
}

int OpenOnly(const Place& place, FaultyDisk& disk) {
  absl::Time now = absl::FromUnixSeconds(1'770'000'000);
  return Open(place, disk.env(), &now).ok() ? 0 : kDidNotOpen;
}

Verdict Verify(const Place& place) {
  const std::vector<TimedCommand> commands =
      CommandsOf(place.seed, kBaseCommands + kRunCommands + 1);
  const Noted noted = ReadNotes(place.answers);
  absl::Time now = commands.back().now;
  auto opened = Open(place, nullptr, &now);
  if (!opened.ok()) return Refused(opened.status(), noted.lines.size());
  Engine& engine = **opened;
  Replay replay = ReplayNotes(engine, commands, noted);
  Verdict verdict{.acknowledged = replay.acknowledged};
  if (!replay.difference.empty()) {
    return {Verdict::Kind::kDifferent, replay.acknowledged, replay.difference};
  }
  const auto standing = replay.model.StandingIn(engine);
  if (!standing.ok()) return Refused(standing.status(), replay.acknowledged);
  const std::string difference = Difference(*standing, replay.model.Standing());
  std::vector<Model> candidates;
  if (difference.empty()) candidates.push_back(replay.model);
  for (size_t i = 0; i < replay.open.size() && candidates.empty(); ++i) {
    Model with = replay.model;
    with.Apply(engine, commands[replay.open[i]].command, commands[replay.open[i]].now);
    const auto stands = with.StandingIn(engine);
    if (stands.ok() && Difference(*stands, with.Standing()).empty()) candidates.push_back(with);
  }
  if (candidates.empty()) {
    const Sequence last = engine.GetStats().sequence;
    const auto kind = last < replay.last ? Verdict::Kind::kLost : Verdict::Kind::kDifferent;
    return {kind, replay.acknowledged,
            absl::StrCat("sequence ", last, " after ", replay.last, " was answered: ", difference)};
  }
  const Answer expected = candidates.front().Apply(engine, commands.back().command, now);
  const Answer answer = Run(engine, commands.back().command);
  if (answer.told != expected.told) {
    return {Verdict::Kind::kDifferent, replay.acknowledged,
            absl::StrCat("afterwards: engine: ", answer.told, "; model: ", expected.told)};
  }
  return verdict;
}

}  // namespace wonbon::trust
