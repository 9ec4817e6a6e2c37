// Which documents of a cluster are versions of one article, and which of them stands for it.
//
// Two documents of one publisher are where they have one article url, or are published within two
// days of one another and one of them is marked as a version (judge/version_mark.h) or both have
// one headline, but for tags, the name of the site, spaces and punctuation.
// Pure functions of plain values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "core/record.h"

namespace wonbon {

inline constexpr int64_t kVersionTimeUs = int64_t{2} * 86'400'000'000;

struct Contender {
  DocumentEntry entry;
  size_t text = 0;  // members with one text have one number
};

// An article of the cluster.
struct ArticleVersions {
  const Contender* newest = nullptr;
  // The time of its first version; one that cannot be only where all are such.
  int64_t first_published_us = 0;
  bool doubtful = false;  // it cannot be
  bool revised = false;   // the newest version has another text or headline than one before it
};

// The newest is the one published last. Where the times of versions are the same, or one of them
// came without a time that can be believed, the marks say it, and then the order of arrival. Of
// several copies of the newest version the first stands: to send it again makes it no newer.
// The order of `members` does not matter, which outlive the answer.
std::vector<ArticleVersions> GatherVersions(absl::Span<const Contender> members);

}  // namespace wonbon
