// wonbon dump, wonbon load: a whole server into a file, and out of it.
#include "client/command/json.h"
#include "client/command/progress.h"
#include "client/command/table.h"
#include "client/command/verbs.h"
#include "client/dump/dump.h"
#include "client/dump/load.h"

namespace wonbon::client {
namespace {

constexpr absl::Duration kProgressInterval = absl::Seconds(5);

// A line on the way, every few seconds.
std::function<void(uint64_t)> Teller(const Session& session) {
  return [&session, last = absl::Now()](uint64_t documents) mutable {
    if (absl::Now() - last < kProgressInterval) return;
    last = absl::Now();
    session.err << "wonbon: " << Grouped(documents) << " documents" << std::endl;
  };
}

void Print(const Session& session, const Json& json) {
  if (session.OutputOr(Output::kTable) != Output::kTable) {
    session.out << Dump(json) << '\n';
    return;
  }
  for (const auto& [name, value] : json.items()) {
    session.out << name << std::string(std::max<size_t>(18, name.size() + 2) - name.size(), ' ')
                << Grouped(value.get<uint64_t>()) << '\n';
  }
}

int Write(const Session& session, const std::string& path) {
  const auto client = session.Connect();
  if (!client.ok()) return session.Fail(client.status());
  const absl::StatusOr<DumpTally> tally = DumpServer(**client, path, Teller(session));
  if (!tally.ok()) return session.Fail(tally.status());
  Print(session, {{"collections", tally->collections},
                  {"documents", tally->documents},
                  {"blocked_ids", tally->blocked_ids},
                  {"words", tally->words}});
  return kExitOk;
}

int Load(const Session& session, const std::string& path, bool into_used) {
  const auto client = session.Connect();
  if (!client.ok()) return session.Fail(client.status());
  const absl::StatusOr<LoadTally> tally =
      LoadServer(**client, path, {.into_used = into_used, .progress = Teller(session)});
  if (!tally.ok()) return session.Fail(tally.status());
  Print(session, {{"collections", tally->collections},
                  {"documents", tally->documents},
                  {"expired", tally->expired},
                  {"blocked_ids", tally->blocked_ids},
                  {"words", tally->words},
                  {"clusters", tally->clusters},
                  {"clusters_before", tally->clusters_before}});
  for (const std::string& refused : tally->refused_words) {
    session.err << "wonbon: not said again: " << Printable(refused) << std::endl;
  }
  return tally->refused_words.empty() ? kExitOk : kExitFailed;
}

}  // namespace

void AddDump(CLI::App& app, Verb* chosen) {
  auto path = std::make_shared<std::string>();
  auto into_used = std::make_shared<bool>(false);
  CLI::App* dump = app.add_subcommand(
      "dump", "All of a server that is read-only into a file: documents, settings of collections, "
              "blocked ids, editors' words");
  dump->add_option("FILE", *path, "Made, for its owner alone; not there yet")->required();
  dump->callback([chosen, path] {
    *chosen = [path](const Session& session) { return Write(session, *path); };
  });
  CLI::App* load = app.add_subcommand(
      "load", "What `wonbon dump` wrote into an empty server, of any version and seed; clusters "
              "get new ids");
  load->add_option("FILE", *path, "Also packed with zstd or gzip")->required();
  load->add_flag("--into-used", *into_used,
                 "Also into a server that holds something, as after a load that broke off");
  load->callback([chosen, path, into_used] {
    *chosen = [path, into_used](const Session& session) {
      return Load(session, *path, *into_used);
    };
  });
}

}  // namespace wonbon::client
