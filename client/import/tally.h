// What became of the lines of an import. Value type.
#pragma once

#include <cstdint>
#include <optional>

#include "client/import/key_counts.h"
#include "wonbon/v1/decision.pb.h"

namespace wonbon::client {

struct Tally {
  // Lines handled in this run: created + updated + unchanged + rejected.
  uint64_t documents = 0;
  uint64_t created = 0;
  uint64_t updated = 0;
  uint64_t unchanged = 0;
  // By the relation of the decision; together the documents that were not rejected.
  uint64_t unique = 0;
  uint64_t exact = 0;
  uint64_t near = 0;
  uint64_t revision = 0;
  uint64_t excerpt = 0;
  uint64_t embeds = 0;
  uint64_t overlap = 0;
  uint64_t template_form = 0;  // TEMPLATE; the plain word is C++'s
  uint64_t rejected = 0;
  KeyCounts keys;
  uint64_t times_without_zone = 0;  // read in the zone of ArticleLineFormat
  double seconds = 0;
  // Where this run went on, if an earlier one was interrupted: lines before it are not counted.
  std::optional<uint64_t> resumed_at_line;

  void Add(const v1::Decision& decision);
  void AddRejected();

  double documents_per_second() const { return seconds > 0 ? documents / seconds : 0; }
  // Share of the documents taken that joined another's cluster, 0 to 1.
  double duplicate_share() const;
};

}  // namespace wonbon::client
