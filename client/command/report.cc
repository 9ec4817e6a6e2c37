// wonbon report publishers: who repeats whom, and what was rewritten under one url.
#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "client/command/json.h"
#include "client/command/progress.h"
#include "client/command/since.h"
#include "client/command/table.h"
#include "client/command/verbs.h"
#include "client/limits.h"

namespace wonbon::client {
namespace {

constexpr int kPageSize = 1'000;

struct ReportOptions {
  std::string since = "24h";
  size_t limit = 20;
};

struct Copies {
  uint64_t documents = 0;
  uint64_t exact = 0;
  uint64_t near = 0;
  uint64_t revision = 0;

  void Add(v1::Relation relation) {
    ++documents;
    if (relation == v1::RELATION_EXACT) ++exact;
    if (relation == v1::RELATION_NEAR) ++near;
    if (relation == v1::RELATION_REVISION) ++revision;
  }
};

// Documents under one url.
struct Versions {
  uint64_t documents = 0;
  std::string publisher;
  std::string title;  // of the newest
  std::set<std::string> clusters;
};

class PublishersReport {
 public:
  PublishersReport(const Client& client, std::string collection)
      : client_(client), collection_(std::move(collection)) {}

  // Looks at all documents published since, page by page.
  absl::Status Read(const google::protobuf::Timestamp& since) {
    v1::ListDocumentsRequest request;
    request.set_collection(collection_);
    request.set_page_size(kPageSize);
    *request.mutable_published_from() = since;
    do {
      const absl::StatusOr<v1::ListDocumentsResponse> page = client_.ListDocuments(request);
      if (!page.ok()) return page.status();
      if (absl::Status status = AddPage(*page); !status.ok()) return status;
      request.set_page_token(page->next_page_token());
      cut_ = documents_ >= kMaxReportDocuments;
    } while (!request.page_token().empty() && !cut_);
    return absl::OkStatus();
  }

  // Most first.
  std::vector<std::pair<std::pair<std::string, std::string>, Copies>> Repeats() const {
    std::vector<std::pair<std::pair<std::string, std::string>, Copies>> list(repeats_.begin(),
                                                                             repeats_.end());
    std::stable_sort(list.begin(), list.end(), [](const auto& a, const auto& b) {
      return a.second.documents > b.second.documents;
    });
    return list;
  }
  std::vector<std::pair<std::string, Versions>> Rewrites() const {
    std::vector<std::pair<std::string, Versions>> list;
    for (const auto& [url, versions] : urls_) {
      if (versions.documents > 1) list.emplace_back(url, versions);
    }
    std::stable_sort(list.begin(), list.end(), [](const auto& a, const auto& b) {
      return a.second.documents > b.second.documents;
    });
    return list;
  }
  // Documents of each publisher.
  const std::map<std::string, uint64_t>& publishers() const { return publishers_; }
  uint64_t documents() const { return documents_; }
  uint64_t copies() const { return copies_; }
  // There are more documents than are looked at.
  bool cut() const { return cut_; }

 private:
  absl::Status AddPage(const v1::ListDocumentsResponse& page) {
    for (const v1::StoredDocument& stored : page.documents()) {
      publisher_of_[stored.document().id()] = stored.document().publisher();
    }
    if (absl::Status status = LearnCanonicals(page); !status.ok()) return status;
    for (const v1::StoredDocument& stored : page.documents()) {
      const v1::Document& document = stored.document();
      ++documents_;
      ++publishers_[document.publisher()];
      if (stored.canonical_document_id() != document.id()) {
        ++copies_;
        repeats_[{document.publisher(), publisher_of_[stored.canonical_document_id()]}].Add(
            stored.relation());
      }
      if (document.url().empty()) continue;
      Versions& versions = urls_[document.url()];
      ++versions.documents;
      versions.publisher = document.publisher();
      versions.title = document.title();
      versions.clusters.insert(stored.cluster_id());
    }
    return absl::OkStatus();
  }

  // Publishers of canonical copies that are on no page so far. One that was deleted meanwhile has
  // none.
  absl::Status LearnCanonicals(const v1::ListDocumentsResponse& page) {
    v1::BatchGetDocumentsRequest request;
    request.set_collection(collection_);
    request.set_view(v1::VIEW_BASIC);
    for (const v1::StoredDocument& stored : page.documents()) {
      const auto [place, unknown] = publisher_of_.try_emplace(stored.canonical_document_id());
      if (unknown) request.add_document_ids(place->first);
    }
    if (request.document_ids().empty()) return absl::OkStatus();
    const absl::StatusOr<v1::BatchGetDocumentsResponse> found =
        client_.BatchGetDocuments(request);
    if (!found.ok()) return found.status();
    for (const v1::GetResult& result : found->results()) {
      const v1::Document& document = result.document().document();
      if (result.has_document()) publisher_of_[document.id()] = document.publisher();
    }
    return absl::OkStatus();
  }

  const Client& client_;
  const std::string collection_;
  std::map<std::string, std::string> publisher_of_;  // by document id
  std::map<std::string, uint64_t> publishers_;
  std::map<std::pair<std::string, std::string>, Copies> repeats_;  // who, whom
  std::map<std::string, Versions> urls_;
  uint64_t documents_ = 0;
  uint64_t copies_ = 0;
  bool cut_ = false;
};

std::string NameOf(const std::string& publisher) { return publisher.empty() ? "-" : publisher; }

void PrintTables(const Session& session, const PublishersReport& report,
                 const ReportOptions& options) {
  session.out << Counted(report.documents(), "document") << " of "
              << Counted(report.publishers().size(), "publisher") << ", "
              << Grouped(report.copies()) << " of them copies of another document\n";
  Table repeats({"publisher", "repeats", "documents", "exact", "near", "revision"});
  size_t rows = 0;
  const auto all = report.Repeats();
  for (const auto& [who, copies] : all) {
    if (++rows > options.limit) break;
    repeats.AddRow({NameOf(who.first), NameOf(who.second), Grouped(copies.documents),
                    Grouped(copies.exact), Grouped(copies.near), Grouped(copies.revision)});
  }
  session.out << "\nwho repeats whom\n";
  repeats.Print(session.out, session.out_columns);
  if (rows > options.limit) {
    session.out << "and " << Grouped(all.size() - options.limit) << " more (--limit)\n";
  }
  Table rewrites({"versions", "clusters", "publisher", "url", "title"});
  rows = 0;
  const auto urls = report.Rewrites();
  for (const auto& [url, versions] : urls) {
    if (++rows > options.limit) break;
    rewrites.AddRow({Grouped(versions.documents), Grouped(versions.clusters.size()),
                     NameOf(versions.publisher), url, versions.title});
  }
  session.out << "\nrewritten under one url\n";
  rewrites.Print(session.out, session.out_columns);
  if (rows > options.limit) {
    session.out << "and " << Grouped(urls.size() - options.limit) << " more (--limit)\n";
  }
}

void PrintJson(const Session& session, Output output, const PublishersReport& report) {
  Json json = {{"documents", report.documents()},
               {"copies", report.copies()},
               {"publishers", Json::array()},
               {"repeats", Json::array()},
               {"rewrites", Json::array()}};
  const auto add = [&](const char* list, Json entry) {
    if (output == Output::kJson) return json[list].push_back(std::move(entry));
    Json line = {{"list", list}};
    line.update(entry);
    session.out << Dump(line) << '\n';
  };
  for (const auto& [publisher, documents] : report.publishers()) {
    add("publishers", {{"publisher", publisher}, {"documents", documents}});
  }
  for (const auto& [who, copies] : report.Repeats()) {
    add("repeats", {{"publisher", who.first},
                    {"repeats", who.second},
                    {"documents", copies.documents},
                    {"exact", copies.exact},
                    {"near", copies.near},
                    {"revision", copies.revision}});
  }
  for (const auto& [url, versions] : report.Rewrites()) {
    add("rewrites", {{"url", url},
                     {"publisher", versions.publisher},
                     {"title", versions.title},
                     {"versions", versions.documents},
                     {"clusters", versions.clusters.size()}});
  }
  if (output == Output::kJson) session.out << Pretty(json) << '\n';
}

int Publishers(const Session& session, const ReportOptions& options) {
  const auto since = ParseSince(options.since);
  if (!since.ok()) return session.Fail(since.status());
  const auto client = session.Connect();
  if (!client.ok()) return session.Fail(client.status());
  PublishersReport report(**client, session.global.collection);
  if (absl::Status status = report.Read(ToTimestamp(*since)); !status.ok()) {
    return session.Fail(status);
  }
  const Output output = session.OutputOr(Output::kTable);
  if (output == Output::kTable) {
    PrintTables(session, report, options);
  } else {
    PrintJson(session, output, report);
  }
  if (!report.cut()) return kExitOk;
  session.err << "wonbon: only the first " << Grouped(report.documents())
              << " documents were looked at: give a later --since" << std::endl;
  return kExitFailed;
}

}  // namespace

void AddReport(CLI::App& app, Verb* chosen) {
  CLI::App* report = app.add_subcommand("report", "What the documents of a while tell together");
  report->require_subcommand(1);
  auto options = std::make_shared<ReportOptions>();
  CLI::App* publishers = report->add_subcommand(
      "publishers", "Who repeats whom: publishers of copies and of the canonical copies they "
                    "repeat, and what was rewritten under one url");
  publishers
      ->add_option("--since", options->since,
                   "Documents published since: 24h, or a time (without a zone: Korea's)")
      ->check(SinceValidator())
      ->capture_default_str();
  publishers->add_option("--limit", options->limit, "Rows of each table; JSON has all of them")
      ->type_name("N")
      ->capture_default_str();
  publishers->callback([chosen, options] {
    *chosen = [options](const Session& session) { return Publishers(session, *options); };
  });
}

}  // namespace wonbon::client
