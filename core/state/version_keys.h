// By what a document is a version of another one in its cluster, as keys: whether a cluster may
// hold versions of a document's article is answered without looking at its members
// (cluster/versions.h says what is a version of what).
//
// A value; not synchronised.
#pragma once

#include <cstddef>
#include <cstdint>

#include "absl/container/flat_hash_set.h"
#include "absl/numeric/int128.h"
#include "core/record.h"

namespace wonbon {

// Members of a cluster from which on its keys are kept: of a smaller one they are soon made.
inline constexpr size_t kMinKeyedCluster = 8;

// What some members of a cluster say of a document. Of several parts of a cluster: any is related,
// and all of them are copies.
struct VersionAnswer {
  bool related = false;     // one of the same publisher may be a version of it, urls aside
  bool only_copies = true;  // all of the same publisher have its text, its headline and its mark
  // Copies that a publisher sends of one text are no new versions. False is certain.
  bool may_hold() const { return related && !only_copies; }
};

class VersionKeys {
 public:
  // `text`: Fingerprint::exact_key of the member. One without a publisher has versions by its url
  // alone.
  void Keep(const DocumentEntry& member, absl::uint128 text);
  VersionAnswer Ask(const DocumentEntry& document, absl::uint128 text) const;

  size_t size() const { return keys_.size(); }

 private:
  absl::flat_hash_set<uint64_t> keys_;
};

}  // namespace wonbon
