// A comparison for people: how two documents are related, and why.
#pragma once

#include <ostream>
#include <string>

#include "wonbon/v1/dedup_service.pb.h"

namespace wonbon::client {

// One sentence that says what decided: the rule, or what weighed most where the model decided.
std::string Why(const v1::CompareResponse& comparison);

// Relation, scores, the sentence, and the features, those that weighed most first. Those that added
// nothing are left out unless `all_features` is set.
void PrintComparison(std::ostream& out, const std::string& a, const std::string& b,
                     const v1::CompareResponse& comparison, bool all_features);

}  // namespace wonbon::client
