#include "client/command/import_text.h"

#include <cmath>
#include <cstdio>
#include <initializer_list>
#include <utility>

#include "client/command/decision_text.h"
#include "client/command/json.h"
#include "client/command/progress.h"
#include "client/command/table.h"
#include "client/limits.h"

namespace wonbon::client {
namespace {

// Of the first document's body in a dry run.
constexpr int kShownCells = 400;

double Rounded(double value, double steps) { return std::round(value * steps) / steps; }

Json ToJson(const Tally& tally) {
  Json json = {{"documents", tally.documents},
               {"created", tally.created},
               {"updated", tally.updated},
               {"unchanged", tally.unchanged},
               {"unique", tally.unique},
               {"exact", tally.exact},
               {"near", tally.near},
               {"revision", tally.revision},
               {"excerpt", tally.excerpt},
               {"embeds", tally.embeds},
               {"overlap", tally.overlap},
               {"template", tally.template_form},
               {"rejected", tally.rejected},
               {"label_keys", tally.keys.labels()},
               {"left_out_keys", Total(tally.keys.left_out())},
               {"suggested_map", tally.keys.SuggestedMap()},
               {"times_without_zone", tally.times_without_zone},
               {"seconds", Rounded(tally.seconds, 1000)},
               {"documents_per_second", Rounded(tally.documents_per_second(), 10)}};
  if (tally.resumed_at_line.has_value()) json["resumed_at_line"] = *tally.resumed_at_line;
  return json;
}

// "text (1,234) link (12)"
std::string Listed(const KeyCounts::Counts& counts) {
  std::string list;
  for (const auto& [key, count] : counts) {
    list += ' ' + (key.empty() ? "others" : Printable(key)) + " (" + Grouped(count) + ')';
  }
  return list;
}

Json ToJson(const DryRunReport& report) {
  Json json = {{"documents", report.documents},
               {"bytes", report.bytes},
               {"rejected", report.rejected},
               {"fields", report.fields},
               {"empty_bodies", report.empty_bodies},
               {"long_bodies", report.long_bodies},
               {"label_keys", report.keys.labels()},
               {"left_out_keys", Total(report.keys.left_out())},
               {"suggested_map", report.keys.SuggestedMap()},
               {"times_without_zone", report.times_without_zone}};
  if (report.documents > 0) json["first"] = client::ToJson(report.first);
  return json;
}

}  // namespace

void PrintSummary(std::ostream& out, Output output, const Tally& tally) {
  if (output != Output::kTable) {
    out << Dump(ToJson(tally)) << '\n';
    return;
  }
  char speed[96];
  std::snprintf(speed, sizeof speed, " in %.2f s, %s a second\n", tally.seconds,
                Grouped(static_cast<uint64_t>(tally.documents_per_second())).c_str());
  out << Counted(tally.documents, "document") << speed;
  const auto line = [&](const char* name,
                        std::initializer_list<std::pair<const char*, uint64_t>> counts) {
    out << name;
    for (const auto& [word, count] : counts) out << "  " << word << ' ' << Grouped(count);
    out << '\n';
  };
  line("outcome ", {{"created", tally.created},
                    {"updated", tally.updated},
                    {"unchanged", tally.unchanged},
                    {"rejected", tally.rejected}});
  line("copies  ", {{"exact", tally.exact}, {"near", tally.near}, {"revision", tally.revision}});
  line("others  ", {{"unique", tally.unique},
                    {"excerpt", tally.excerpt},
                    {"embeds", tally.embeds},
                    {"overlap", tally.overlap},
                    {"template", tally.template_form}});
}

void PrintNotes(std::ostream& err, const KeyCounts& keys, uint64_t times_without_zone,
                const std::string& timezone) {
  if (times_without_zone > 0) {
    err << "wonbon: " << Counted(times_without_zone, "time")
        << " without a zone, read in that of " << timezone << " (--timezone)\n";
  }
  if (!keys.labels().empty()) {
    err << "wonbon: keys that are no field of an article became labels:" << Listed(keys.labels())
        << '\n';
  }
  if (!keys.left_out().empty()) {
    err << "wonbon: keys that were left out, for no label has room for them:"
        << Listed(keys.left_out()) << '\n';
  }
  if (const std::string map = keys.SuggestedMap(); !map.empty()) {
    err << "wonbon: some seem to be fields that no line has: --map='" << Printable(map)
        << "' reads them as such\n";
  }
  err << std::flush;
}

void PrintDryRun(std::ostream& out, const Session& session, const DryRunReport& report) {
  const Output output = session.OutputOr(Output::kTable);
  if (output != Output::kTable) {
    out << (output == Output::kJson ? Pretty(ToJson(report)) : Dump(ToJson(report))) << '\n';
    return;
  }
  const std::string& collection = session.global.collection;
  out << Counted(report.documents, "document") << ", " << BytesText(report.bytes)
      << ", would be sent to " << Printable(session.global.endpoint) << ", collection "
      << (collection.empty() ? "default" : Printable(collection)) << '\n'
      << Counted(report.rejected, "line") << " would be turned away here\nfields  ";
  for (const auto& [field, count] : report.fields) {
    out << "  " << field << ' ' << Grouped(count);
  }
  out << '\n';
  if (report.empty_bodies > 0) {
    out << Counted(report.empty_bodies, "document") << " without a body\n";
  }
  if (report.long_bodies > 0) {
    out << Counted(report.long_bodies, "document") << " with a body of more than "
        << Grouped(kDefaultBodyBytes)
        << " bytes, which a server takes only where its --max-body-bytes allows it\n";
  }
  if (report.documents > 0) {
    out << "\nthe first as it would be sent:\n";
    v1::StoredDocument first;
    *first.mutable_document() = report.first;
    std::string& body = *first.mutable_document()->mutable_body();
    body = Clip(body, kShownCells);
    PrintDocument(out, first);
  }
  out << "\nNothing was sent or written, and no server was asked. Not looked at: whether "
                 "the server is there and\nlets you in, whether the collection exists, which ids "
                 "are blocked or known already, what is a copy\nof what (wonbon check), and the "
                 "server's limit on bodies.\n";
}

}  // namespace wonbon::client
