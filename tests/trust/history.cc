#include "tests/trust/history.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace wonbon::trust {
namespace {

const std::string& IdOf(const Operation& operation) {
  const bool deletes = operation.command.kind == oracle::Command::Kind::kDelete;
  return deletes ? operation.command.id : operation.command.document.id;
}

// Those that changed something, in the order in which they did.
std::vector<const Operation*> ChangesOf(const History& history) {
  std::vector<const Operation*> changes;
  for (const Operation& operation : history.operations) {
    if (operation.answer.sequence > 0) changes.push_back(&operation);
  }
  std::sort(changes.begin(), changes.end(), [](const Operation* a, const Operation* b) {
    return a->answer.sequence < b->answer.sequence;
  });
  return changes;
}

// A sequence is given once, and to what was over before before what began after.
std::string CheckOrder(const std::vector<const Operation*>& changes) {
  uint64_t newest_invocation = 0;
  for (size_t i = 0; i < changes.size(); ++i) {
    const Operation& change = *changes[i];
    if (i > 0 && changes[i - 1]->answer.sequence == change.answer.sequence) {
      return absl::StrCat("sequence ", change.answer.sequence, " was given twice: to ",
                          IdOf(*changes[i - 1]), " and to ", IdOf(change));
    }
    if (change.when.returned < newest_invocation) {
      return absl::StrCat(IdOf(change), " was over before an earlier sequence was asked for");
    }
    newest_invocation = std::max(newest_invocation, change.when.invoked);
  }
  return "";
}

// Whether `read` may have missed `change`, which was acknowledged before it began: only where a
// deletion came after it.
bool MayMiss(const Read& read, const Operation& change,
             const std::vector<const Operation*>& changes) {
  if (read.seen > 0) return false;
  return std::any_of(changes.begin(), changes.end(), [&](const Operation* later) {
    return later->command.kind == oracle::Command::Kind::kDelete && IdOf(*later) == read.id &&
           later->answer.sequence > change.answer.sequence &&
           later->when.invoked < read.when.returned;
  });
}

// A read sees what was acknowledged before it began, or something newer.
std::string CheckReads(const History& history) {
  const std::vector<const Operation*> changes = ChangesOf(history);
  for (const Read& read : history.reads) {
    for (const Operation* change : changes) {
      if (change->command.kind != oracle::Command::Kind::kSubmit || IdOf(*change) != read.id) {
        continue;
      }
      const bool before = change->when.returned < read.when.invoked;
      if (before && read.seen < change->answer.sequence && !MayMiss(read, *change, changes)) {
        return absl::StrCat("a read of ", read.id, " saw sequence ", read.seen, " after ",
                            change->answer.sequence, " was acknowledged");
      }
    }
  }
  return "";
}

}  // namespace

Model ModelOf(const History& history, const Engine& engine) {
  Model model(history.base);
  for (const Operation* change : ChangesOf(history)) {
    model.Apply(engine, change->command, history.now);
  }
  return model;
}

std::string Check(const History& history, const Engine& engine) {
  const std::vector<const Operation*> changes = ChangesOf(history);
  if (std::string wrong = CheckOrder(changes); !wrong.empty()) return wrong;
  if (std::string wrong = CheckReads(history); !wrong.empty()) return wrong;
  Model model(history.base);
  for (const Operation* change : changes) {
    const Answer expected = model.Apply(engine, change->command, history.now);
    if (expected.told != change->answer.told) {
      return absl::StrCat(IdOf(*change), ": engine: ", change->answer.told,
                          "; model: ", expected.told);
    }
  }
  return Difference(history.standing, model.Standing());
}

}  // namespace wonbon::trust
