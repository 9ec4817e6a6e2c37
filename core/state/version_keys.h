// By what a document is a version of another one in its cluster, as keys: whether a cluster may
// hold versions of a document's article is answered without looking at its members
// (cluster/versions.h says what is a version of what).
//
// A value; not synchronised.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "absl/container/flat_hash_set.h"
#include "absl/numeric/int128.h"
#include "core/record.h"

namespace wonbon {

// Members of a cluster from which on its keys are kept: of a smaller one they are soon made.
inline constexpr size_t kMinKeyedCluster = 8;

// What some members of a cluster say of a document.
struct VersionAnswer {
  bool related = false;     // one of the same publisher may be a version of it, urls aside
  // All of the same publisher have its text, its headline and its mark, and are published when they
  // first were: of copies the one that is published first stands.
  bool only_copies = true;
  // How far in time the farthest is, where all are states of one page as far as keys can tell: of
  // its publisher, headline and mark, with a time that can be believed, none with its text.
  int64_t series_us = 0;

  // Copies that a publisher sends of one text are no new versions. False is certain.
  bool may_hold() const { return related && !only_copies; }
  // With what another part of the cluster says.
  void Add(const VersionAnswer& other) {
    related |= other.related;
    only_copies &= other.only_copies;
    series_us = std::max(series_us, other.series_us);
  }
};
inline constexpr int64_t kNoSeries = std::numeric_limits<int64_t>::max();

class VersionKeys {
 public:
  // `text`: Fingerprint::exact_key of the member. One without a publisher has versions by its url
  // alone.
  void Keep(const DocumentEntry& member, absl::uint128 text);
  VersionAnswer Ask(const DocumentEntry& document, absl::uint128 text) const;

  size_t size() const { return keys_.size(); }

 private:
  absl::flat_hash_set<uint64_t> keys_;
  // Of those that were kept: one to compare with, whether all are like it, and their times.
  DocumentEntry like_;
  bool all_alike_ = true;
  int64_t first_us_ = std::numeric_limits<int64_t>::max();
  int64_t last_us_ = std::numeric_limits<int64_t>::min();
};

}  // namespace wonbon
