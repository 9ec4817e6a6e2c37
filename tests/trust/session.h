// One life of a store under test: commands given to an engine on some disk, each answer noted where
// it outlives the process, and afterwards the question whether what stands is what was answered.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "tests/core/store/faulty_disk.h"
#include "tests/trust/model.h"

namespace wonbon::trust {

struct TimedCommand {
  oracle::Command command;
  absl::Time now;
};
// The first `count` commands of a seed, without expiry: one of those is many changes, each of which
// may be the last before a fault.
std::vector<TimedCommand> CommandsOf(uint64_t seed, size_t count);

// Where one run keeps its things.
struct Place {
  std::string folder;   // the store's
  std::string answers;  // a line each
  uint64_t seed = 1;    // of the commands
};
inline constexpr size_t kBaseCommands = 24;
inline constexpr size_t kRunCommands = 24;
// Engines are closed and opened again so often within a run: tables are written, logs change.
inline constexpr size_t kSessions = 3;

// In a child. Makes the store with the first kBaseCommands; what was answered is noted.
int MakeBase(const Place& place);
// In a child. The next kRunCommands, in kSessions. kDidNotOpen where the store did not open.
inline constexpr int kDidNotOpen = 3;
int GoOn(const Place& place, FaultyDisk& disk);
// In a child. Opens and closes: a recovery that may be cut short.
int OpenOnly(const Place& place, FaultyDisk& disk);

struct Verdict {
  enum class Kind : uint8_t {
    kSame,       // what stands is what was answered, and perhaps the one command that was not
    kRefused,    // the store, or a read, says DATA_LOSS or that it does not fit
    kLost,       // an acknowledged change is gone
    kDifferent,  // something else stands, or was answered
  };
  Kind kind = Kind::kSame;
  size_t acknowledged = 0;
  std::string words;
};
// In a child of its own. Reads everything, compares with the model, and goes on by one command.
Verdict Verify(const Place& place);

}  // namespace wonbon::trust
