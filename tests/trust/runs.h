// Stores to begin runs with, and the judgement at their end.
#pragma once

#include <string>

#include "tests/trust/campaigns.h"
#include "tests/trust/child.h"
#include "tests/trust/session.h"

namespace wonbon::trust {

// A store with its first commands, made once and copied for each run.
class Bases {
 public:
  Bases(std::string folder, uint64_t seed);
  // A run of its own called `name`.
  Place Copy(const std::string& name) const;

 private:
  const std::string folder_;
  const Place base_;
};

// Verify, in a child.
Verdict VerifyInChild(const Place& place);

// Counts the run that ended so: what stands in its store is verified in a child. Where something is
// wrong, says so and leaves the store; else removes it.
Verdict Judge(const Place& place, const Ending& ending, const std::string& what, Row* row);

}  // namespace wonbon::trust
