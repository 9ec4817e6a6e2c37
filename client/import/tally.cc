#include "client/import/tally.h"

namespace wonbon::client {

void Tally::Add(const v1::Decision& decision) {
  ++documents;
  switch (decision.outcome()) {
    case v1::OUTCOME_UPDATED: ++updated; break;
    case v1::OUTCOME_UNCHANGED: ++unchanged; break;
    default: ++created; break;
  }
  switch (decision.relation()) {
    case v1::RELATION_EXACT: ++exact; break;
    case v1::RELATION_NEAR: ++near; break;
    case v1::RELATION_REVISION: ++revision; break;
    case v1::RELATION_EXCERPT: ++excerpt; break;
    case v1::RELATION_EMBEDS: ++embeds; break;
    case v1::RELATION_OVERLAP: ++overlap; break;
    case v1::RELATION_TEMPLATE: ++template_form; break;
    default: ++unique; break;
  }
}

void Tally::AddRejected() {
  ++documents;
  ++rejected;
}

double Tally::duplicate_share() const {
  const uint64_t taken = documents - rejected;
  return taken == 0 ? 0 : static_cast<double>(exact + near + revision) / static_cast<double>(taken);
}

}  // namespace wonbon::client
