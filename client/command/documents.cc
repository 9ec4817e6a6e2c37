// wonbon get, wonbon delete, wonbon unblock: documents by id.
#include "client/command/decision_text.h"
#include "client/command/json.h"
#include "client/command/table.h"
#include "client/command/verbs.h"
#include "client/status.h"

namespace wonbon::client {
namespace {

// Ids of one call.
constexpr size_t kIdsPerCall = 100;

struct DocumentsOptions {
  std::vector<std::string> ids;
  bool no_body = false;
  std::string reason;
  bool block = false;
};

// Calls `ask` with at most kIdsPerCall ids at a time and `print` with each result. Failed items are
// named on the error output.
template <typename Ask, typename Print>
int ForEach(const Session& session, const std::vector<std::string>& ids, const Ask& ask,
            const Print& print) {
  int code = kExitOk;
  for (size_t begin = 0; begin < ids.size(); begin += kIdsPerCall) {
    const std::vector<std::string> some(
        ids.begin() + static_cast<std::ptrdiff_t>(begin),
        ids.begin() + static_cast<std::ptrdiff_t>(std::min(begin + kIdsPerCall, ids.size())));
    const auto response = ask(some);
    if (!response.ok()) return session.Fail(response.status());
    for (int i = 0; i < response->results_size(); ++i) {
      const auto& result = response->results(i);
      if (!result.has_error()) {
        print(result);
        continue;
      }
      code = kExitFailed;
      session.err << "wonbon: " << Printable(some[static_cast<size_t>(i)]) << ": "
                  << Printable(Explain(FromRpc(result.error()), session.global)) << std::endl;
    }
  }
  return code;
}

void PrintJson(const Session& session, Output output, const Json& json) {
  session.out << (output == Output::kJson ? Pretty(json) : Dump(json)) << '\n';
}

int Get(const Session& session, const DocumentsOptions& options) {
  const auto client = session.Connect();
  if (!client.ok()) return session.Fail(client.status());
  const Output output = session.OutputOr(Output::kTable);
  bool first = true;
  return ForEach(
      session, options.ids,
      [&](const std::vector<std::string>& ids) {
        v1::BatchGetDocumentsRequest request;
        request.set_collection(session.global.collection);
        request.mutable_document_ids()->Assign(ids.begin(), ids.end());
        request.set_view(options.no_body ? v1::VIEW_BASIC : v1::VIEW_FULL);
        return (*client)->BatchGetDocuments(request);
      },
      [&](const v1::GetResult& result) {
        if (output != Output::kTable) return PrintJson(session, output, ToJson(result.document()));
        if (!first) session.out << '\n';
        first = false;
        PrintDocument(session.out, result.document());
      });
}

int Delete(const Session& session, const DocumentsOptions& options) {
  const auto client = session.Connect();
  if (!client.ok()) return session.Fail(client.status());
  const Output output = session.OutputOr(Output::kTable);
  return ForEach(
      session, options.ids,
      [&](const std::vector<std::string>& ids) {
        v1::BatchDeleteDocumentsRequest request;
        request.set_collection(session.global.collection);
        request.mutable_document_ids()->Assign(ids.begin(), ids.end());
        request.set_reason(options.reason);
        request.set_block(options.block);
        return (*client)->BatchDeleteDocuments(request);
      },
      [&](const v1::DeleteResult& result) {
        const v1::Tombstone& tombstone = result.tombstone();
        if (output != Output::kTable) return PrintJson(session, output, ToJson(tombstone));
        session.out << Printable(tombstone.document_id())
                    << (tombstone.blocked() ? "  deleted and blocked, sequence "
                                            : "  deleted, sequence ")
                    << tombstone.sequence() << '\n';
      });
}

int Unblock(const Session& session, const DocumentsOptions& options) {
  const auto client = session.Connect();
  if (!client.ok()) return session.Fail(client.status());
  for (const std::string& id : options.ids) {
    v1::UnblockDocumentRequest request;
    request.set_collection(session.global.collection);
    request.set_document_id(id);
    const auto response = (*client)->UnblockDocument(request);
    if (!response.ok()) return session.Fail(response.status());
    if (session.OutputOr(Output::kTable) != Output::kTable) {
      PrintJson(session, session.OutputOr(Output::kTable), ToJson(*response));
    } else {
      session.out << Printable(id) << (response->unblocked() ? "  unblocked\n" : "  not blocked\n");
    }
  }
  return kExitOk;
}

}  // namespace

void AddDocuments(CLI::App& app, Verb* chosen) {
  auto options = std::make_shared<DocumentsOptions>();
  CLI::App* get = app.add_subcommand("get", "Documents by id, with their clusters");
  get->add_option("ID", options->ids, "Ids of documents")->required();
  get->add_flag("--no-body", options->no_body, "Leave the texts out");
  get->callback([chosen, options] {
    *chosen = [options](const Session& session) { return Get(session, *options); };
  });
  CLI::App* remove = app.add_subcommand(
      "delete", "Take documents back; their clusters are repaired, tombstones stay");
  remove->add_option("ID", options->ids, "Ids of documents")->required();
  remove->add_option("--reason", options->reason, "Why; kept with the tombstone");
  remove->add_flag("--block", options->block, "Refuse these ids from now on, until `unblock`");
  remove->callback([chosen, options] {
    *chosen = [options](const Session& session) { return Delete(session, *options); };
  });
  CLI::App* unblock = app.add_subcommand("unblock", "Let blocked ids in again");
  unblock->add_option("ID", options->ids, "Ids of documents")->required();
  unblock->callback([chosen, options] {
    *chosen = [options](const Session& session) { return Unblock(session, *options); };
  });
}

}  // namespace wonbon::client
