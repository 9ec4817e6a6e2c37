// By what a document is a version of another one in its cluster, as keys: whether a cluster may
// hold versions of a document's article is answered without looking at its members
// (cluster/versions.h says what is a version of what).
//
// Pure functions of plain values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/record.h"

namespace wonbon {

// Members of a cluster from which on its keys are kept: of a smaller one they are soon made.
inline constexpr size_t kMinKeyedCluster = 8;

// A member's keys. None for one without a publisher: it has versions by its url alone.
std::vector<uint64_t> VersionKeysOf(const DocumentEntry& member);
// The keys of which each member has one that `document` may be a version of, urls aside.
std::vector<uint64_t> VersionKeysSought(const DocumentEntry& document);

}  // namespace wonbon
