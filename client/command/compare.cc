// wonbon compare: two documents, or many pairs.
#include <fstream>
#include <iostream>

#include "client/command/comparison_text.h"
#include "client/command/diff.h"
#include "client/command/json.h"
#include "client/command/pairs.h"
#include "client/command/table.h"
#include "client/command/verbs.h"
#include "client/limits.h"

namespace wonbon::client {
namespace {

// Of two texts side by side in a file or a pipe.
constexpr int kPlainColumns = 100;

struct CompareOptions {
  std::string a, b;
  std::string pairs;
  int concurrency = 16;
  bool no_text = false;
  bool full = false;
  bool all_features = false;
};

absl::StatusOr<std::string> Body(const Client& client, const std::string& collection,
                                 const std::string& id) {
  v1::GetDocumentRequest request;
  request.set_collection(collection);
  request.set_document_id(id);
  absl::StatusOr<v1::GetDocumentResponse> response = client.GetDocument(request);
  if (!response.ok()) return response.status();
  return response->document().document().body();
}

int PrintTexts(const Session& session, const Client& client, const CompareOptions& options,
               const v1::CompareResponse& comparison) {
  const auto a = Body(client, session.global.collection, options.a);
  if (!a.ok()) return session.Fail(a.status());
  const auto b = Body(client, session.global.collection, options.b);
  if (!b.ok()) return session.Fail(b.status());
  session.out << '\n';
  PrintDiff(session.out, *a, *b, comparison,
            {.width = session.out_columns > 0 ? session.out_columns : kPlainColumns,
             .colour = session.colour,
             .full = options.full});
  return kExitOk;
}

int CompareTwo(const Session& session, const CompareOptions& options) {
  const auto client = session.Connect();
  if (!client.ok()) return session.Fail(client.status());
  v1::CompareRequest request;
  request.set_collection(session.global.collection);
  request.mutable_a()->set_document_id(options.a);
  request.mutable_b()->set_document_id(options.b);
  const Output output = session.OutputOr(Output::kTable);
  if (output == Output::kTable && options.no_text) request.set_view(v1::VIEW_BASIC);
  const auto response = (*client)->Compare(request);
  if (!response.ok()) return session.Fail(response.status());
  if (output != Output::kTable) {
    const Json json = ToJson(*response);
    session.out << (output == Output::kJson ? Pretty(json) : Dump(json)) << '\n';
    return kExitOk;
  }
  PrintComparison(session.out, options.a, options.b, *response, options.all_features);
  return options.no_text ? kExitOk : PrintTexts(session, **client, options, *response);
}

int CompareMany(const Session& session, const CompareOptions& options) {
  std::ifstream file;
  if (options.pairs != "-") {
    file.open(options.pairs);
    if (!file) return session.Fail(absl::NotFoundError("cannot open " + options.pairs));
  }
  const auto client = session.Connect(std::min(options.concurrency, 4));
  if (!client.ok()) return session.Fail(client.status());
  const absl::StatusOr<uint64_t> failed =
      ComparePairs(**client, session.global.collection, options.concurrency,
                   options.pairs == "-" ? std::cin : file, session.out);
  if (!failed.ok()) return session.Fail(failed.status());
  if (*failed == 0) return kExitOk;
  session.err << "wonbon: " << *failed << " of the pairs could not be compared; their lines say why"
              << std::endl;
  return kExitFailed;
}

}  // namespace

void AddCompare(CLI::App& app, Verb* chosen) {
  auto options = std::make_shared<CompareOptions>();
  CLI::App* verb = app.add_subcommand(
      "compare", "How two indexed documents are related, with the scores and what decided");
  CLI::Option* a = verb->add_option("ID_A", options->a, "The first document");
  CLI::Option* b = verb->add_option("ID_B", options->b, "The second document");
  a->needs(b);
  CLI::Option* pairs =
      verb->add_option("--pairs", options->pairs,
                       "File of many pairs, two ids a line with a tab between (\"-\": stdin); "
                       "prints one JSON object a line, in order")
          ->excludes(a);
  verb->add_option("--concurrency", options->concurrency, "With --pairs: requests at once")
      ->check(CLI::Range(1, kMaxComparesAtOnce))
      ->capture_default_str();
  verb->add_flag("--no-text", options->no_text, "Leave out both texts side by side");
  verb->add_flag("--all-features", options->all_features,
                 "List also features that added nothing to the score");
  verb->add_flag("--full", options->full, "Show also all of what both texts have in common");
  verb->callback([chosen, options, b, pairs] {
    if (b->count() == 0 && pairs->count() == 0) {
      throw CLI::ValidationError("compare", "name two documents, or a file with --pairs");
    }
    *chosen = [options](const Session& session) {
      return options->pairs.empty() ? CompareTwo(session, *options)
                                    : CompareMany(session, *options);
    };
  });
}

}  // namespace wonbon::client
