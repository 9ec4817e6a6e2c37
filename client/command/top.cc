// wonbon top: a page about a server that is written anew every few moments.
#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "client/command/json.h"
#include "client/command/metrics.h"
#include "client/command/port.h"
#include "client/command/progress.h"
#include "client/command/table.h"
#include "client/command/verbs.h"

namespace wonbon::client {
namespace {

constexpr char kAdminPort[] = "9464";  // unless wonbond --admin-listen says otherwise
// Rpcs and slow calls that are listed.
constexpr size_t kShownCalls = 8;
constexpr int kShownSlowCalls = 5;

struct TopOptions {
  std::string interval = "2s";
  std::string admin;
  bool once = false;
};

// A look at the server.
struct Reading {
  absl::Time at;
  v1::GetStatsResponse stats;
  bool ready = false;
  std::optional<MetricsReading> metrics;  // none where nobody tells
  v1::ListSlowCallsResponse slow;         // empty where the key may not ask
};

double NumberOf(const google::protobuf::Duration& duration) {
  return static_cast<double>(duration.seconds()) + duration.nanos() * 1e-9;
}

std::string Decimal(const char* format, double number) {
  char text[64];
  std::snprintf(text, sizeof text, format, number);
  return text;
}

// "1.2 ms"; "-" where it is below 0.
std::string TimeText(double seconds) {
  if (seconds < 0) return "-";
  if (seconds < 1) return Decimal("%.1f ms", seconds * 1e3);
  return Decimal("%.2f s", seconds);
}

std::string RateText(double rate) {
  if (rate < 0) return "-";
  return rate < 10 ? Decimal("%.1f/s", rate) : Grouped(static_cast<uint64_t>(rate + 0.5)) + "/s";
}

// Below 0 where nobody tells.
double ResidentBytes(const Reading& reading) {
  return reading.metrics.has_value() ? reading.metrics->resident_bytes : -1;
}

// What two readings tell. Numbers below 0 are not known.
struct Page {
  double changes = 0;  // a second, as all rates
  double submits = -1;
  double checks = -1;
  double errors = -1;
  double p50 = -1;
  double p99 = -1;
  double duplicates = -1;  // share of what came in the last 24 hours
  struct Rpc {
    std::string name;
    double calls = 0;
    double errors = 0;
    double p50 = -1;
    double p99 = -1;
  };
  std::vector<Rpc> rpcs;  // most calls first
};

double Growth(double before, double after, double seconds) {
  return std::max(after - before, 0.0) / seconds;
}

void AddCalls(const MetricsReading& before, const MetricsReading& after, double seconds,
              Page* page) {
  page->submits = Growth(before.decisions, after.decisions, seconds);
  page->checks = 0;
  CallCounts all;
  for (const auto& [name, counts] : after.calls) {
    const auto old = before.calls.find(name);
    const CallCounts between =
        Between(old == before.calls.end() ? CallCounts() : old->second, counts);
    if (between.calls <= 0) continue;
    all.Add(between);
    if (name == "Check") page->checks = between.calls / seconds;
    page->rpcs.push_back({.name = name,
                          .calls = between.calls / seconds,
                          .errors = between.errors / seconds,
                          .p50 = Quantile(between, 0.5),
                          .p99 = Quantile(between, 0.99)});
  }
  page->errors = all.errors / seconds;
  page->p50 = Quantile(all, 0.5);
  page->p99 = Quantile(all, 0.99);
  std::stable_sort(page->rpcs.begin(), page->rpcs.end(),
                   [](const Page::Rpc& a, const Page::Rpc& b) { return a.calls > b.calls; });
  if (page->rpcs.size() > kShownCalls) page->rpcs.resize(kShownCalls);
}

Page PageOf(const Reading& before, const Reading& after) {
  const double seconds = std::max(absl::ToDoubleSeconds(after.at - before.at), 1e-3);
  const auto number = [](uint64_t count) { return static_cast<double>(count); };
  Page page;
  page.changes = Growth(number(before.stats.sequence()), number(after.stats.sequence()), seconds);
  const v1::RecentDecisions& day = after.stats.last_day();
  if (after.stats.has_last_day()) {
    page.duplicates = number(day.duplicates()) / std::max(number(day.decisions()), 1.0);
    // An hour that went out of the day takes its documents with it; the next reading is right.
    page.submits =
        Growth(number(before.stats.last_day().decisions()), number(day.decisions()), seconds);
  }
  if (before.metrics.has_value() && after.metrics.has_value()) {
    AddCalls(*before.metrics, *after.metrics, seconds, &page);
  }
  return page;
}

Json ToJson(const Reading& reading, const Page& page) {
  const v1::GetStatsResponse& stats = reading.stats;
  const auto known = [](double number) { return number < 0 ? Json(nullptr) : Json(number); };
  Json json = {{"at", absl::FormatTime(absl::RFC3339_sec, reading.at, absl::UTCTimeZone())},
               {"version", stats.version()},
               {"ready", reading.ready},
               {"cannot_write", stats.cannot_write()},
               {"uptime_seconds", stats.uptime().seconds()},
               {"sequence", stats.sequence()},
               {"documents", stats.documents()},
               {"clusters", stats.clusters()},
               {"collections", stats.collections()},
               {"duplicates_last_day", known(page.duplicates)},
               {"resident_bytes", known(ResidentBytes(reading))},
               {"index_bytes", stats.index_bytes()},
               {"store_bytes", stats.store_bytes()},
               {"queued_requests", stats.queued_requests()},
               {"queued_commits", stats.queued_commits()},
               {"changes_per_second", page.changes},
               {"submits_per_second", known(page.submits)},
               {"checks_per_second", known(page.checks)},
               {"errors_per_second", known(page.errors)},
               {"p50_seconds", known(page.p50)},
               {"p99_seconds", known(page.p99)},
               {"rpcs", Json::array()},
               {"slow_calls", reading.slow.total()}};
  for (const Page::Rpc& rpc : page.rpcs) {
    json["rpcs"].push_back({{"rpc", rpc.name},
                            {"calls_per_second", rpc.calls},
                            {"errors_per_second", rpc.errors},
                            {"p50_seconds", known(rpc.p50)},
                            {"p99_seconds", known(rpc.p99)}});
  }
  return json;
}

using Lines = std::vector<std::string>;

void AddFigures(const Reading& reading, const Page& page, Lines* lines) {
  const v1::GetStatsResponse& stats = reading.stats;
  lines->push_back("submits    " + RateText(page.submits) + "   checks " + RateText(page.checks) +
                   "   errors " + RateText(page.errors) + "   p50 " + TimeText(page.p50) +
                   "   p99 " + TimeText(page.p99));
  lines->push_back("documents  " + Grouped(stats.documents()) + "   clusters " +
                   Grouped(stats.clusters()) + "   duplicates in 24 h " +
                   (page.duplicates < 0 ? "-" : Decimal("%.1f %%", page.duplicates * 100)));
  const double resident = ResidentBytes(reading);
  lines->push_back("memory     " +
                   (resident < 0 ? "-" : BytesText(static_cast<uint64_t>(resident))) +
                   "   index " + BytesText(stats.index_bytes()) + "   disk " +
                   BytesText(stats.store_bytes()));
  lines->push_back("sequence   " + Grouped(stats.sequence()) + "   changes " +
                   RateText(page.changes) + "   queue " + Grouped(stats.queued_requests()) +
                   " requests, " + Grouped(stats.queued_commits()) + " documents");
}

void AddTable(const Table& table, int columns, Lines* lines) {
  std::ostringstream text;
  table.Print(text, columns);
  lines->emplace_back();
  std::istringstream rows(text.str());
  for (std::string row; std::getline(rows, row);) lines->push_back(std::move(row));
}

Lines Draw(const Session& session, const Reading& reading, const Page& page,
           const std::string& admin) {
  const v1::GetStatsResponse& stats = reading.stats;
  Lines lines = {"wonbon " + stats.version() + " at " + session.global.endpoint + "   " +
                 (reading.ready ? "ready" : "NOT READY") + "   up " +
                 ClockText(static_cast<double>(stats.uptime().seconds())) + "   " +
                 absl::FormatTime("%H:%M:%S", reading.at, absl::LocalTimeZone())};
  if (!stats.cannot_write().empty()) lines.push_back("WRITES ARE REFUSED: " + stats.cannot_write());
  AddFigures(reading, page, &lines);
  if (!reading.metrics.has_value()) {
    lines.push_back("no metrics at " + admin +
                    " (--admin): checks, errors and times are not known");
  }
  if (!page.rpcs.empty()) {
    Table table({"rpc", "calls", "errors", "p50", "p99"});
    for (const Page::Rpc& rpc : page.rpcs) {
      table.AddRow({rpc.name, RateText(rpc.calls), RateText(rpc.errors), TimeText(rpc.p50),
                    TimeText(rpc.p99)});
    }
    AddTable(table, session.out_columns, &lines);
  }
  if (reading.slow.calls_size() > 0) {
    Table table({"slowest calls", "took", "came", "collection", "caller"});
    for (int i = 0; i < std::min(reading.slow.calls_size(), kShownSlowCalls); ++i) {
      const v1::SlowCall& call = reading.slow.calls(i);
      table.AddRow({call.rpc().substr(call.rpc().rfind('/') + 1), TimeText(NumberOf(call.took())),
                    absl::FormatTime("%m-%d %H:%M:%S",
                                     absl::FromUnixSeconds(call.began_at().seconds()),
                                     absl::LocalTimeZone()),
                    call.collection(), call.caller()});
    }
    AddTable(table, session.out_columns, &lines);
  }
  return lines;
}

absl::StatusOr<Reading> Look(const Client& client, const std::string& admin) {
  Reading reading;
  absl::StatusOr<v1::GetStatsResponse> stats = client.GetStats();
  if (!stats.ok()) return stats.status();
  reading.at = absl::Now();
  reading.stats = *std::move(stats);
  const absl::StatusOr<Health> health = client.CheckHealth("");
  reading.ready = health.ok() && *health == Health::kServing;
  if (auto slow = client.ListSlowCalls({}); slow.ok()) reading.slow = *std::move(slow);
  const absl::StatusOr<std::string> metrics = HttpGet(admin, "/metrics");
  if (metrics.ok()) reading.metrics = ParseMetrics(*metrics);
  return reading;
}

// Where the admin endpoint is unless somebody says otherwise.
std::string AdminOf(const std::string& endpoint) {
  const bool socket = endpoint.starts_with("unix");
  return (socket ? "127.0.0.1" : endpoint.substr(0, endpoint.rfind(':'))) + ":" + kAdminPort;
}

void Show(const Session& session, const Lines& lines) {
  // Home, and what is there goes away: nothing flickers.
  if (session.out_columns > 0) session.out << "\033[H\033[J";
  for (const std::string& line : lines) {
    const std::string text = Printable(line);
    session.out << (session.out_columns > 0 ? Clip(text, session.out_columns) : text) << '\n';
  }
  session.out << (session.out_columns > 0 ? "" : "\n") << std::flush;
}

int Top(const Session& session, const TopOptions& options) {
  const auto client = session.Connect();
  if (!client.ok()) return session.Fail(client.status());
  const std::string admin =
      options.admin.empty() ? AdminOf(session.global.endpoint) : options.admin;
  absl::StatusOr<Reading> before = Look(**client, admin);
  if (!before.ok()) return session.Fail(before.status());
  const Output output = session.OutputOr(Output::kTable);
  while (session.out.good()) {
    absl::SleepFor(*ParseDuration(options.interval));
    absl::StatusOr<Reading> after = Look(**client, admin);
    if (!after.ok()) {
      if (options.once || output != Output::kTable) return session.Fail(after.status());
      Show(session, {Explain(after.status(), session.global)});
      continue;
    }
    const Page page = PageOf(*before, *after);
    if (output == Output::kTable) {
      Show(session, Draw(session, *after, page, admin));
    } else {
      const Json json = ToJson(*after, page);
      session.out << (output == Output::kJson ? Pretty(json) : Dump(json)) << std::endl;
    }
    if (options.once) return kExitOk;
    before = std::move(after);
  }
  return kExitOk;
}

}  // namespace

void AddTop(CLI::App& app, Verb* chosen) {
  auto options = std::make_shared<TopOptions>();
  CLI::App* verb = app.add_subcommand(
      "top", "How busy the server is, on a page that is written anew until interrupted");
  verb->add_option("--interval", options->interval, "Between two pages; rates are of that time")
      ->check(DurationValidator())
      ->capture_default_str();
  verb->add_flag("--once", options->once, "One page, after one interval");
  verb->add_option("--admin", options->admin,
                   "Admin endpoint (wonbond --admin-listen), whose metrics tell calls and times "
                   "(default: port 9464 of --endpoint's host)")
      ->envname("WONBON_ADMIN")
      ->type_name("HOST:PORT");
  verb->callback([chosen, options] {
    *chosen = [options](const Session& session) { return Top(session, *options); };
  });
}

}  // namespace wonbon::client
