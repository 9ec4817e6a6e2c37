// The command without its process: arguments in, text and an exit code out.
#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace wonbon::client {

// `arguments` without the program's name. Writes answers to `out` and everything else to `err`.
// Returns 0 only if every item succeeded, 1 if one failed, 2 for a wrong command line.
int RunWonbon(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err);

}  // namespace wonbon::client
