// wonbon watch: changes of clusters as they happen.
#include "client/command/json.h"
#include "client/command/table.h"
#include "client/command/verbs.h"

namespace wonbon::client {
namespace {

struct WatchOptions {
  std::optional<uint64_t> after;
  uint64_t count = 0;
};

std::string EventLine(const v1::ClusterEvent& event, Output output) {
  if (output != Output::kTable) return Dump(ToJson(event));
  std::string line = std::to_string(event.sequence()) + "  " + BareName(event.type()) + "  " +
                     event.cluster_id() + "  " + event.document_id();
  if (!event.other_cluster_id().empty()) line += "  (" + event.other_cluster_id() + ")";
  return Printable(line);
}

int Watch(const Session& session, const WatchOptions& options) {
  const auto client = session.Connect();
  if (!client.ok()) return session.Fail(client.status());
  v1::WatchClustersRequest request;
  request.set_collection(session.global.collection);
  if (options.after.has_value()) request.set_after_sequence(*options.after);
  bool seen = false;
  // A watcher that worked once stays: it waits for the server to come back.
  CallOptions call = PatientCalls(absl::InfiniteDuration());
  Cancellation cancellation;
  call.cancellation = &cancellation;
  absl::Status hopeless;
  int failures = 0;
  call.on_retry = [&](const absl::Status& error, absl::Duration wait) {
    if (!seen && ++failures >= 3) {
      hopeless = error;
      return cancellation.Cancel();
    }
    session.err << "wonbon: " << Printable(Reason(error)) << "; trying again in "
                << absl::FormatDuration(absl::Trunc(wait, absl::Milliseconds(100))) << std::endl;
  };
  const Output output = session.OutputOr(Output::kJsonl);
  uint64_t left = options.count == 0 ? UINT64_MAX : options.count;
  const absl::Status status = (*client)->WatchClusters(
      request,
      [&](const v1::WatchClustersResponse& response) {
        seen = true;
        for (const v1::ClusterEvent& event : response.events()) {
          session.out << EventLine(event, output) << '\n';
          if (--left == 0) return false;
        }
        session.out.flush();
        return session.out.good();
      },
      &call);
  if (!hopeless.ok()) return session.Fail(hopeless);
  return status.ok() ? kExitOk : session.Fail(status);
}

}  // namespace

void AddWatch(CLI::App& app, Verb* chosen) {
  auto options = std::make_shared<WatchOptions>();
  CLI::App* verb = app.add_subcommand(
      "watch", "Changes of clusters as they happen, one JSON object a line, until interrupted");
  verb->add_option("--after", options->after,
                   "Begin behind this sequence; 0: from the first kept (default: from now on)")
      ->type_name("SEQUENCE");
  verb->add_option("--count", options->count, "End after N events (default: never)")
      ->type_name("N");
  verb->callback([chosen, options] {
    *chosen = [options](const Session& session) { return Watch(session, *options); };
  });
}

}  // namespace wonbon::client
