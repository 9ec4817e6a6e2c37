// wonbon submit, wonbon check: one document from flags, a file or the standard input.
#include <fstream>
#include <iostream>
#include <sstream>

#include "client/command/decision_text.h"
#include "client/command/json.h"
#include "client/command/verbs.h"
#include "client/import/article_line.h"
#include "client/import/timestamp.h"

namespace wonbon::client {
namespace {

struct DocumentOptions {
  std::string file;
  std::string id, title, body, body_file, publisher, url, published_at, byline, section;
  std::string content_type;
  std::vector<std::string> labels;
  std::string view = "basic";
};

absl::StatusOr<std::string> ReadAll(const std::string& path) {
  std::ostringstream text;
  if (path == "-") {
    text << std::cin.rdbuf();
    return text.str();
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::NotFoundError("cannot open " + path);
  text << file.rdbuf();
  return text.str();
}

absl::Status ApplyFlags(const DocumentOptions& options, v1::Document* document) {
  if (!options.id.empty()) document->set_id(options.id);
  if (!options.title.empty()) document->set_title(options.title);
  if (!options.body.empty()) document->set_body(options.body);
  if (!options.publisher.empty()) document->set_publisher(options.publisher);
  if (!options.url.empty()) document->set_url(options.url);
  if (!options.byline.empty()) document->set_byline(options.byline);
  if (!options.section.empty()) document->set_section(options.section);
  if (options.content_type == "text") document->set_content_type(v1::CONTENT_TYPE_TEXT);
  if (options.content_type == "html") document->set_content_type(v1::CONTENT_TYPE_HTML);
  if (!options.body_file.empty()) {
    absl::StatusOr<std::string> body = ReadAll(options.body_file);
    if (!body.ok()) return body.status();
    document->set_body(*std::move(body));
  }
  if (!options.published_at.empty()) {
    const absl::StatusOr<ParsedTime> time =
        ParseTime(options.published_at, absl::UTCTimeZone());
    if (!time.ok()) {
      return absl::InvalidArgumentError("--published-at: " + std::string(time.status().message()));
    }
    if (time->zone_assumed) {
      return absl::InvalidArgumentError(
          "--published-at has no time zone: write it with +09:00 (Korea) or Z (UTC)");
    }
    *document->mutable_published_at() = time->time;
  }
  for (const std::string& label : options.labels) {
    const size_t equals = label.find('=');
    (*document->mutable_labels())[label.substr(0, equals)] =
        equals == label.npos ? "" : label.substr(equals + 1);
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::Document> MakeDocument(const DocumentOptions& options) {
  v1::Document document;
  const bool flags = !options.body.empty() || !options.body_file.empty();
  if (!options.file.empty() || !flags) {
    const std::string path = options.file.empty() ? "-" : options.file;
    const absl::StatusOr<std::string> text = ReadAll(path);
    if (!text.ok()) return text.status();
    if (absl::Status status = ParseArticleLine(*text, &document); !status.ok()) {
      return absl::InvalidArgumentError((path == "-" ? "standard input" : path) + ": " +
                                        std::string(status.message()));
    }
  }
  if (absl::Status status = ApplyFlags(options, &document); !status.ok()) return status;
  return document;
}

int Print(const Session& session, const v1::Decision& decision) {
  switch (session.OutputOr(Output::kTable)) {
    case Output::kTable: PrintDecision(session.out, decision); break;
    case Output::kJson: session.out << Pretty(ToJson(decision)) << '\n'; break;
    case Output::kJsonl: session.out << Dump(ToJson(decision)) << '\n'; break;
  }
  return kExitOk;
}

// Submit and Check differ only in their types.
template <typename Request, typename Method>
int Run(const Session& session, const DocumentOptions& options, Method method) {
  absl::StatusOr<v1::Document> document = MakeDocument(options);
  if (!document.ok()) return session.Fail(document.status());
  const auto client = session.Connect();
  if (!client.ok()) return session.Fail(client.status());
  Request request;
  request.set_collection(session.global.collection);
  *request.mutable_document() = *std::move(document);
  request.set_view(options.view == "full" ? v1::VIEW_FULL : v1::VIEW_BASIC);
  const auto response = (client->get()->*method)(request, nullptr);
  if (!response.ok()) return session.Fail(response.status());
  return Print(session, response->decision());
}

void AddDocumentOptions(CLI::App* verb, DocumentOptions* options) {
  verb->add_option("FILE", options->file,
                   "JSON file with one article, \"-\" for standard input (default where neither "
                   "--body nor --body-file is given)");
  verb->add_option("--id", options->id, "Your own id of the document");
  verb->add_option("--title", options->title, "Headline");
  verb->add_option("--body", options->body, "Text of the article");
  verb->add_option("--body-file", options->body_file, "File with the text, \"-\" for stdin");
  verb->add_option("--publisher", options->publisher, "Publisher's name");
  verb->add_option("--url", options->url, "Where the article stands");
  verb->add_option("--published-at", options->published_at, "2025-08-20T11:05:55+09:00");
  verb->add_option("--byline", options->byline, "Reporter's line");
  verb->add_option("--section", options->section, "Section, such as politics");
  verb->add_option("--content-type", options->content_type, "text or html (default: detected)")
      ->check(CLI::IsMember({"text", "html"}));
  verb->add_option("--label", options->labels, "KEY=VALUE to keep with it; may be repeated")
      ->take_all()
      ->expected(1);
  verb->add_option("--view", options->view, "full: with the body of the canonical copy")
      ->check(CLI::IsMember({"basic", "full"}));
}

}  // namespace

void AddSubmit(CLI::App& app, Verb* chosen) {
  auto options = std::make_shared<DocumentOptions>();
  CLI::App* submit = app.add_subcommand(
      "submit", "Index one article; prints its cluster, the canonical copy and why");
  AddDocumentOptions(submit, options.get());
  submit->callback([chosen, options] {
    *chosen = [options](const Session& session) {
      return Run<v1::SubmitRequest>(session, *options, &Client::Submit);
    };
  });
  CLI::App* check = app.add_subcommand("check", "What submit would answer, with nothing written");
  AddDocumentOptions(check, options.get());
  check->callback([chosen, options] {
    *chosen = [options](const Session& session) {
      return Run<v1::CheckRequest>(session, *options, &Client::Check);
    };
  });
}

}  // namespace wonbon::client
