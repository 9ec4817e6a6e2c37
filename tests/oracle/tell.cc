#include "tests/oracle/tell.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/engine.h"

namespace wonbon::oracle {
namespace {

std::string Word(Relation relation) { return std::string(Name(relation)); }

std::string Tell(const std::vector<Match>& matches) {
  std::string text;
  for (const Match& match : matches) {
    absl::StrAppendFormat(&text, "\n    %s#%d %s %s score %.17g jaccard %.17g in %.17g of %.17g",
                          match.document_id, static_cast<uint64_t>(match.number),
                          FormatClusterId(match.cluster), Word(match.relation), match.score,
                          match.jaccard, match.containment, match.containment_in);
  }
  return text;
}

}  // namespace

std::string Tell(const absl::StatusOr<Decision>& decision) {
  if (!decision.ok()) return absl::StatusCodeToString(decision.status().code());
  const Decision& d = *decision;
  std::string text = absl::StrCat(
      d.document_id, " outcome ", static_cast<int>(d.outcome), " ", Word(d.relation), " in ",
      FormatClusterId(d.cluster), " of ", d.cluster_size, ", canonical ", d.canonical.document_id,
      "#", static_cast<uint64_t>(d.canonical.number), " (", d.is_canonical, ") reason ",
      static_cast<int>(d.canonical.reason), " by ", d.canonical.publisher, ", sequence ",
      d.sequence, ", flags ", d.flags, "\n  merged");
  for (const ClusterId id : d.merged) absl::StrAppend(&text, " ", FormatClusterId(id));
  absl::StrAppend(&text, ", moved ", d.moved_documents);
  absl::StrAppend(&text, "\n  best", d.best_match.has_value() ? Tell({*d.best_match}) : " none");
  absl::StrAppend(&text, "\n  matches", Tell(d.matches), "\n  links", Tell(d.links));
  return text;
}

}  // namespace wonbon::oracle
