// What the two halves of DecisionOracle, placement and change, hand each other.
#pragma once

#include <vector>

#include "core/sketch/fingerprint.h"
#include "tests/oracle/decision_oracle.h"

namespace wonbon::oracle {

struct DecisionOracle::Hit {
  bool exact = false;
  bool same_url = false;
  int bands = 0;
  int sample = 0;
};

// A cluster that may be the document's, with the members that are asked about it.
struct DecisionOracle::Candidate {
  ClusterId id = ClusterId::kNone;
  DocumentNumber canonical = DocumentNumber::kNone;
  DocumentNumber founder = DocumentNumber::kNone;
  DocumentNumber closest = DocumentNumber::kNone;
  DocumentNumber same_url = DocumentNumber::kNone;
  DocumentNumber sampled = DocumentNumber::kNone;  // shares most of the sample
  bool exact = false;
  int bands = 0;
  int sample = 0;
  double strength = 0;
};

// What the judgements say of one candidate.
struct DecisionOracle::Verdict {
  const Candidate* candidate = nullptr;
  bool joins = false;
  bool exact = false;
  double score = 0;
  double canonical_score = 0;  // 0 where the canonical copy is another article
  DocumentNumber best = DocumentNumber::kNone;
  std::vector<Match> matches;  // strongest first
};

// Where a document belongs.
struct DecisionOracle::Placing {
  ClusterId cluster = ClusterId::kNone;
  Relation relation = Relation::kUnique;
  DocumentNumber best = DocumentNumber::kNone;
  std::vector<Match> matches;
  std::vector<Match> links;
  std::vector<ClusterId> merges;
  ClusterId emptied = ClusterId::kNone;
  uint8_t flags = 0;
};

// The bands, as bits, whose rows are the same in both; none where one of the two is short.
uint32_t BandsInCommon(const Fingerprint& a, const Fingerprint& b);

}  // namespace wonbon::oracle
