// Work in a process of its own, which may be killed, may abort, and takes its threads along. The
// process that starts them never opens an engine itself: a child of a process with threads would
// find RocksDB's pools without theirs.
#pragma once

#include <functional>
#include <string>

namespace wonbon::trust {

struct Ending {
  bool killed = false;  // by SIGKILL: the fault struck
  bool died = false;    // by any other signal, or of its time limit: a bug
  int code = 0;         // otherwise
  std::string words;    // what it wrote to `out`
};

// Runs `work` in a child; what it returns is the exit code, what it writes to its argument comes
// back. Ends it after `seconds`.
Ending InChild(const std::function<int(std::string* out)>& work, unsigned seconds = 60);

}  // namespace wonbon::trust
