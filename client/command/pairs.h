// Many comparisons at once, answered in the order they were asked for.
#pragma once

#include <istream>
#include <ostream>
#include <string>

#include "absl/status/statusor.h"
#include "client/client.h"

namespace wonbon::client {

// Reads pairs (two ids a line, tab separated; empty lines are passed over) and writes one JSON
// object a line for each, in the same order:
//   {"a","b","relation","same_article","score","jaccard","containment","containment_in","rule",
//    "features"}  or  {"a","b","error"}
// At most `concurrency` requests run at once, and a bounded number of answers wait for their turn.
// Returns how many pairs failed. An error where the server cannot be reached: the rest was not
// tried.
absl::StatusOr<uint64_t> ComparePairs(const Client& client, const std::string& collection,
                                      int concurrency, std::istream& in, std::ostream& out);

}  // namespace wonbon::client
