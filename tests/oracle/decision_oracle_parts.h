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
  double jaccard = 0;
  double contained = 0;
  int rarity = 0;
};

// What the judgements say of one candidate.
struct DecisionOracle::Verdict {
  ClusterId cluster = ClusterId::kNone;
  bool may_be_kin = false;
  bool exact = false;
  double score = 0;
};

// When it was published, or when it arrived where that cannot be.
int64_t BelievedTimeOf(const DecisionOracle::Document& document);

// The bands, as bits, whose rows are the same in both; none where one of the two is short.
uint32_t BandsInCommon(const Fingerprint& a, const Fingerprint& b);

}  // namespace wonbon::oracle
