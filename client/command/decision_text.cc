#include "client/command/decision_text.h"

#include <cstdio>

#include "client/command/json.h"
#include "client/command/table.h"
#include "client/import/timestamp.h"

namespace wonbon::client {
namespace {

constexpr int kNameWidth = 12;

std::string MatchText(const v1::Match& match) {
  return BareName(match.relation()) + " to " + match.document_id() + " (same article " +
         Percent(match.score()) + ", Jaccard " + Percent(match.jaccard()) + ", " +
         Percent(match.containment()) + " of it in the other, " + Percent(match.containment_in()) +
         " of the other in it)";
}

std::string CanonicalText(const v1::CanonicalCopy& canonical) {
  std::string text = canonical.document_id();
  if (!canonical.title().empty()) text += "  " + canonical.title();
  if (!canonical.publisher().empty()) text += ", " + canonical.publisher();
  if (canonical.has_published_at()) text += ", " + FormatTimestamp(canonical.published_at());
  return text + "  (" + BareName(canonical.reason()) + ")";
}

std::string WordText(const v1::EditorWord& word) {
  std::string text = BareName(word.act());
  if (!word.document_id().empty()) text += " " + word.document_id();
  for (const auto& id : word.cluster_ids()) text += " " + id;
  text += ", " + FormatTimestamp(word.said_at());
  if (!word.actor().empty()) text += ", by " + word.actor();
  if (!word.note().empty()) text += ": " + word.note();
  return text;
}

}  // namespace

void PrintLine(std::ostream& out, const std::string& name, const std::string& value) {
  if (value.empty()) return;
  out << name << std::string(kNameWidth - name.size(), ' ') << Printable(value) << '\n';
}

std::string Percent(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f %%", share * 100);
  return text;
}

void PrintDecision(std::ostream& out, const v1::Decision& decision) {
  PrintLine(out, "document", decision.document_id());
  if (decision.outcome() != v1::OUTCOME_UNSPECIFIED) {
    PrintLine(out, "outcome", BareName(decision.outcome()));
  }
  PrintLine(
      out, "relation",
      decision.has_best_match() ? MatchText(decision.best_match()) : BareName(decision.relation()));
  PrintLine(out, "cluster",
            decision.cluster_id().empty()
                ? "none: it would found one"
                : decision.cluster_id() + "  (" + std::to_string(decision.cluster_size()) +
                      (decision.cluster_size() == 1 ? " document)" : " documents)"));
  if (decision.has_canonical()) {
    PrintLine(out, "canonical", CanonicalText(decision.canonical()));
    PrintLine(out, "", decision.canonical().body());
  }
  for (const auto& id : decision.merged_cluster_ids()) PrintLine(out, "merged", id);
  if (decision.moved_documents() > 0) {
    PrintLine(out, "moved", std::to_string(decision.moved_documents()) +
                                (decision.moved_documents() == 1 ? " document" : " documents") +
                                " to other clusters");
  }
  for (const auto& link : decision.links()) PrintLine(out, "link", MatchText(link));
  for (const int flag : decision.flags()) {
    PrintLine(out, "flag", BareName(static_cast<v1::Flag>(flag)));
  }
  if (decision.sequence() != 0) {
    PrintLine(out, "sequence", std::to_string(decision.sequence()));
  }
}

void PrintDocument(std::ostream& out, const v1::StoredDocument& stored) {
  const v1::Document& document = stored.document();
  PrintLine(out, "document", document.id());
  PrintLine(out, "title", document.title());
  PrintLine(out, "publisher", document.publisher());
  PrintLine(out, "url", document.url());
  if (document.has_published_at()) {
    PrintLine(out, "published", FormatTimestamp(document.published_at()));
  }
  PrintLine(out, "byline", document.byline());
  PrintLine(out, "section", document.section());
  for (const auto& [key, value] : document.labels()) PrintLine(out, "label", key + "=" + value);
  PrintLine(out, "cluster", stored.cluster_id());
  PrintLine(out, "canonical", stored.canonical_document_id());
  if (!stored.cluster_id().empty()) PrintLine(out, "relation", BareName(stored.relation()));
  for (const int flag : stored.flags()) {
    PrintLine(out, "flag", BareName(static_cast<v1::Flag>(flag)));
  }
  if (stored.sequence() != 0) PrintLine(out, "sequence", std::to_string(stored.sequence()));
  if (document.body().empty()) return;
  out << '\n';
  std::string_view body = document.body();
  while (!body.empty()) {
    const size_t end = std::min(body.find('\n'), body.size());
    out << Printable(body.substr(0, end)) << '\n';
    body.remove_prefix(std::min(end + 1, body.size()));
  }
}

void PrintCluster(std::ostream& out, const v1::Cluster& cluster) {
  PrintLine(out, "cluster", cluster.cluster_id());
  PrintLine(out, "documents", std::to_string(cluster.size()));
  PrintLine(out, "canonical", CanonicalText(cluster.canonical()));
  PrintLine(out, "url", cluster.canonical().url());
  PrintLine(out, "sequence", std::to_string(cluster.sequence()));
  for (const v1::EditorWord& word : cluster.words()) PrintLine(out, "editor", WordText(word));
}

}  // namespace wonbon::client
