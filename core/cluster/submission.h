// A document on its way in: what can be made of it without knowing its neighbours.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/cluster/candidates.h"
#include "core/cluster/judgements.h"
#include "core/record.h"
#include "core/state/prepared_document.h"

namespace wonbon {

// A version published at most so long before or after the one that it replaces corrects it.
inline constexpr int64_t kCorrectionTimeUs = 86'400'000'000;

// Belongs to one thread at a time.
struct Submission {
  CollectionNumber collection{};
  // Head and profile; the number is given when the document is committed, and constant from then
  // on.
  std::shared_ptr<PreparedDocument> prepared;
  std::string packed_body;
  Fingerprint fingerprint;
  // The sequence of the version that stands, as the writer knows it; 0: none stands. Unset:
  // whatever stands is replaced.
  std::optional<Sequence> expected_sequence = {};
  // When it arrived at the server that it comes from; unset, or still to come: it arrives now.
  std::optional<int64_t> arrived_us = {};
  Judgements judgements;
  // The version that it corrects, if any: what was one article with that is so with the submission,
  // too, whatever a guard says (one number is another, and reprints of the old text stand).
  DocumentNumber corrects = DocumentNumber::kNone;
  // What Prejudge found, and the moment at which it did: the commit thread need not look again
  // where nothing was committed since. 0: a group was in the making, whose postings hide others.
  Candidates candidates;
  Sequence found_at = 0;
};

}  // namespace wonbon
