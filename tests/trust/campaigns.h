// The campaigns: each does many runs of one kind of harm and says what came of them in one row.
#pragma once

#include <cstdint>
#include <string>

namespace wonbon::trust {

struct Options {
  uint64_t runs = 100;
  uint64_t seed = 1;
  uint64_t first = 0;  // of Operations: goes on at this one, of all that there are
  std::string folder;  // for everything; the folder of a run that went wrong is left there
};

struct Row {
  std::string campaign;
  uint64_t runs = 0;
  uint64_t faults = 0;        // runs in which the fault struck
  uint64_t acknowledged = 0;  // changes that were answered
  uint64_t refused = 0;       // stores that said what is wrong with them
  uint64_t died = 0;          // processes that ended otherwise than by the fault
  uint64_t lost = 0;          // runs in which an acknowledged change was gone
  uint64_t different = 0;     // runs in which something else stood, or was answered, silently
  uint64_t unnamed = 0;       // refusals that name a table and a record, or the folder, but no file
  bool quiet = false;         // what goes wrong is meant to: not told, not left

  bool good() const { return died + lost + different == 0; }
};

Row Kills(const Options& options);       // SIGKILL at any file operation, also within recovery
Row PowerCuts(const Options& options);   // so, and what was not synced is lost or torn
Row PowerCutsWithLyingSyncs(const Options& options);  // a seeded bug: has to lose
Row Operations(const Options& options);  // every file operation fails, once and for ever
Row Damages(const Options& options);     // files at rest: a bit, a block, the end, all
Row Histories(const Options& options);   // many threads, in sequence order against the model
// Each must be caught: `different` counts those that are not.
Row SeededBugs(const Options& options);

}  // namespace wonbon::trust
