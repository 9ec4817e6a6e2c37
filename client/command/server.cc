// wonbon stats, wonbon health: the server itself.
#include "client/command/json.h"
#include "client/command/table.h"
#include "client/command/verbs.h"

namespace wonbon::client {
namespace {

void PrintRecord(const Session& session, const Json& json) {
  switch (session.OutputOr(Output::kTable)) {
    case Output::kJson: session.out << Pretty(json) << '\n'; return;
    case Output::kJsonl: session.out << Dump(json) << '\n'; return;
    case Output::kTable: break;
  }
  for (const auto& [name, value] : json.items()) {
    session.out << name << std::string(std::max<size_t>(20, name.size() + 2) - name.size(), ' ')
                << Printable(value.is_string() ? value.get<std::string>() : Dump(value)) << '\n';
  }
}

int Stats(const Session& session) {
  const auto client = session.Connect();
  if (!client.ok()) return session.Fail(client.status());
  const auto stats = (*client)->GetStats();
  if (!stats.ok()) return session.Fail(stats.status());
  PrintRecord(session, ToJson(*stats));
  return kExitOk;
}

int CheckHealth(const Session& session, const std::string& service) {
  const auto client = session.Connect();
  if (!client.ok()) return session.Fail(client.status());
  const auto health = (*client)->CheckHealth(service);
  if (!health.ok()) return session.Fail(health.status());
  const char* name = "UNKNOWN";
  if (*health == Health::kServing) name = "SERVING";
  if (*health == Health::kNotServing) name = "NOT_SERVING";
  if (*health == Health::kServiceUnknown) name = "SERVICE_UNKNOWN";
  PrintRecord(session, {{"status", name}});
  return *health == Health::kServing ? kExitOk : kExitFailed;
}

}  // namespace

void AddServer(CLI::App& app, Verb* chosen) {
  app.add_subcommand("stats", "What the server holds")->callback([chosen] { *chosen = Stats; });
  auto service = std::make_shared<std::string>();
  CLI::App* health =
      app.add_subcommand("health", "Whether the server takes requests; exit code 0 if it does");
  health->add_option("--service", *service, "One service, such as wonbon.v1.DedupService");
  health->callback([chosen, service] {
    *chosen = [service](const Session& session) { return CheckHealth(session, *service); };
  });
}

}  // namespace wonbon::client
