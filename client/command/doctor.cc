// wonbon doctor: what of this machine and of a server is not as it should be, and what to do.
#include <algorithm>
#include <cstdio>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/time/clock.h"
#include "client/command/json.h"
#include "client/command/machine.h"
#include "client/command/port.h"
#include "client/command/table.h"
#include "client/command/verbs.h"
#include "client/status.h"

namespace wonbon::client {
namespace {

using State = Finding::State;

// Between the server's clock and this one.
constexpr absl::Duration kClocksApart = absl::Seconds(2);
constexpr absl::Duration kClocksFarApart = absl::Minutes(5);
// Unless --timeout says otherwise.
constexpr absl::Duration kPatience = absl::Seconds(5);

struct DoctorOptions {
  std::string data_dir;
};

Finding Clocks(const v1::GetStatsResponse& stats, absl::Time asked, absl::Time answered) {
  const absl::Duration nanos =
      absl::Nanoseconds(stats.started_at().nanos() + stats.uptime().nanos());
  const absl::Time theirs = absl::FromUnixSeconds(stats.started_at().seconds()) +
                            absl::Seconds(stats.uptime().seconds()) + nanos;
  const absl::Duration ahead = theirs - (asked + (answered - asked) / 2);
  char text[64];
  std::snprintf(text, sizeof text, "%.1f s %s this one",
                absl::ToDoubleSeconds(absl::AbsDuration(ahead)),
                ahead < absl::ZeroDuration() ? "behind" : "ahead of");
  Finding finding{.state = State::kOk, .what = "server's clock", .measured = text, .advice = ""};
  if (absl::AbsDuration(ahead) <= kClocksApart) return finding;
  finding.state = absl::AbsDuration(ahead) > kClocksFarApart ? State::kBad : State::kWarn;
  finding.advice = "synchronise both: timedatectl set-ntp true, or chrony";
  return finding;
}

// Somebody waits: a server that does not answer soon is not well.
CallOptions CallOf(const GlobalOptions& global) {
  CallOptions call;
  call.timeout = call.attempt_timeout = global.timeout.value_or(kPatience);
  call.retry.max_attempts = 2;
  return call;
}

Finding Ready(const Client& client, const CallOptions& call) {
  const absl::StatusOr<Health> health = client.CheckHealth("", &call);
  if (health.ok() && *health == Health::kServing) {
    return {.state = State::kOk, .what = "server ready", .measured = "it takes requests",
            .advice = ""};
  }
  return {.state = State::kBad,
          .what = "server ready",
          .measured = health.ok() ? "it does not take requests" : Reason(health.status()),
          .advice = "/readyz?verbose at its admin endpoint says why, and so does its log"};
}

Finding Version(const v1::GetStatsResponse& stats) {
  Finding finding{.state = State::kOk,
                  .what = "versions",
                  .measured = "server " + stats.version() + ", this command " WONBON_VERSION,
                  .advice = ""};
  if (stats.version() == WONBON_VERSION) return finding;
  finding.state = State::kWarn;
  finding.advice = "install the same: what one of them lacks the other cannot ask for";
  return finding;
}

Finding Writes(const v1::GetStatsResponse& stats) {
  if (stats.cannot_write().empty()) {
    return {.state = State::kOk, .what = "writes", .measured = "are taken", .advice = ""};
  }
  return {.state = State::kBad,
          .what = "writes",
          .measured = "are refused: " + stats.cannot_write(),
          .advice = "make room, raise --memory-limit, or `wonbon read-only --off`, as the reason "
                    "asks for"};
}

// Whether the server is there, and what it says of itself.
std::vector<Finding> LookAtServer(const Session& session) {
  Finding there{.state = State::kOk,
                .what = "server",
                .measured = "answers at " + session.global.endpoint,
                .advice = ""};
  const auto client = session.Connect();
  const CallOptions call = CallOf(session.global);
  const absl::Time asked = absl::Now();
  const absl::StatusOr<v1::GetStatsResponse> stats =
      client.ok() ? (*client)->GetStats(&call) : client.status();
  const absl::Time answered = absl::Now();
  if (!stats.ok()) {
    const bool silent = absl::IsUnavailable(stats.status()) && ErrorReason(stats.status()).empty();
    const std::string hint = silent ? PortHint(session.global) : "";
    there.state = State::kBad;
    there.measured = "does not answer at " + session.global.endpoint + ": " +
                     Reason(stats.status());
    there.advice = hint.empty() ? Explain(stats.status(), session.global) : hint;
    return {there};
  }
  return {there, Ready(**client, call), Version(*stats), Writes(*stats),
          Clocks(*stats, asked, answered)};
}

std::vector<Finding> Look(const Session& session, const DoctorOptions& options) {
  std::vector<Finding> findings = LookAtMachine();
  const auto add = [&findings](std::vector<Finding> more) {
    std::move(more.begin(), more.end(), std::back_inserter(findings));
  };
  if (options.data_dir.empty()) {
    add({{.state = State::kSkipped,
          .what = "disk",
          .measured = "not looked at",
          .advice = "name the server's folder with --data-dir, where it is on this machine"}});
  } else {
    add(LookAtDisk(options.data_dir));
  }
  const GlobalOptions& global = session.global;
  if (!global.ca_file.empty()) add({LookAtCertificate("--ca", global.ca_file)});
  if (!global.cert_file.empty()) add({LookAtCertificate("--client-cert", global.cert_file)});
  add(LookAtServer(session));
  if (const auto end = LookAtPort(global).certificate_end) {
    add({JudgeCertificate("server's certificate", *end)});
  }
  return findings;
}

void Print(const Session& session, const Finding& finding) {
  static constexpr const char* kColours[] = {"\033[32m", "\033[33m", "\033[31m", "\033[2m"};
  const std::string state = absl::AsciiStrToLower(Name(finding.state));
  session.out << (session.colour ? kColours[static_cast<int>(finding.state)] : "") << state
              << (session.colour ? "\033[0m" : "") << std::string(9 - state.size(), ' ')
              << finding.what << std::string(22 - finding.what.size(), ' ')
              << Printable(finding.measured) << '\n';
  if (!finding.advice.empty()) {
    session.out << std::string(9, ' ') << "-> " << Printable(finding.advice) << '\n';
  }
}

int Doctor(const Session& session, const DoctorOptions& options) {
  const std::vector<Finding> findings = Look(session, options);
  const Output output = session.OutputOr(Output::kTable);
  Json list = Json::array();
  bool bad = false;
  for (const Finding& finding : findings) {
    bad |= finding.state == State::kBad;
    if (output == Output::kTable) {
      Print(session, finding);
      continue;
    }
    Json json = {{"state", Name(finding.state)},
                 {"what", finding.what},
                 {"measured", finding.measured},
                 {"advice", finding.advice}};
    if (output == Output::kJsonl) session.out << Dump(json) << '\n';
    list.push_back(std::move(json));
  }
  if (output == Output::kJson) session.out << Pretty({{"findings", std::move(list)}}) << '\n';
  return bad ? kExitFailed : kExitOk;
}

}  // namespace

void AddDoctor(CLI::App& app, Verb* chosen) {
  auto options = std::make_shared<DoctorOptions>();
  CLI::App* verb = app.add_subcommand(
      "doctor", "What of this machine and of the server is not as it should be, and what to do; "
                "exit code 0 if nothing is bad");
  verb->add_option("--data-dir", options->data_dir,
                   "The server's folder, whose disk is looked at; something is written and synced "
                   "there for a moment")
      ->type_name("DIR");
  verb->callback([chosen, options] {
    *chosen = [options](const Session& session) { return Doctor(session, *options); };
  });
}

}  // namespace wonbon::client
