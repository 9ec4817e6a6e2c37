// What happened between an engine and many threads at once, and the check of it: put in the order
// of sequences, the plain reference must give the same answers, and hold in the end what the engine
// holds. Value types and pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "tests/trust/model.h"

namespace wonbon::trust {

// Moments of a history: ticks of one counter, drawn before a call and after it.
struct Interval {
  uint64_t invoked = 0;
  uint64_t returned = 0;
};
struct Operation {
  oracle::Command command;
  Answer answer;
  Interval when;
};
struct Read {
  std::string id;
  Sequence seen = 0;  // of the version that was read; 0: none
  Interval when;
};

struct History {
  Sequence base = 0;  // of the engine as it began
  absl::Time now;     // the clock stood still
  std::vector<Operation> operations;
  std::vector<Read> reads;
  Picture standing;  // in the end; empty until it was taken
};

// The first thing that is wrong; "" where nothing is. `engine` prepares the documents.
std::string Check(const History& history, const Engine& engine);
// The model after all operations, in the order of their sequences.
Model ModelOf(const History& history, const Engine& engine);

}  // namespace wonbon::trust
