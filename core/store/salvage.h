// wonbond --salvage: copies what is whole of a data folder into a new one. The old one is read
// only.
//
// A document comes along if its entry, content, body and fingerprint are whole, with the number,
// the cluster and the answers that it had. Left out, each said: documents that are not whole;
// clusters with no document left, and ids that redirect to them; versions that a younger one or a
// tombstone stands for. A cluster that lost its record or its canonical copy elects among those
// that remain. What lost its band keys with a document that is gone posts its own. Events come
// along where nothing was left out; else watchers are told to read the clusters anew
// (OUT_OF_RANGE), since no event tells of what is gone.
//
// The new folder keeps the seed, so that sketches mean the same, and draws a store id of its own:
// an import that resumes by store id must send again what may be missing. Its sequences go on
// behind all that the old one gave out.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "core/record.h"
#include "core/store/verify.h"

namespace wonbon {

struct SalvageOptions {
  std::string from;
  std::string to;  // missing or empty
  // Puts the canonical copy of `members`, and why it is, into the record.
  std::function<void(absl::Span<const DocumentEntry> members, const CollectionRecord& collection,
                     const std::function<std::string(DocumentNumber)>& id_of,
                     ClusterRecord* record)>
      elect;
};

struct SalvageReport {
  uint64_t documents = 0;
  uint64_t left_out = 0;  // documents and records of other kinds
};
// Prints each thing that was left out or repaired. Errors: those of VerifyFolder, and of writing.
absl::StatusOr<SalvageReport> SalvageFolder(const SalvageOptions& options, const PrintLine& print);

}  // namespace wonbon
