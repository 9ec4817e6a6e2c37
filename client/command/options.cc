#include "client/command/options.h"

#include <sstream>

#include "absl/strings/ascii.h"
#include "client/command/port.h"
#include "client/command/table.h"
#include "client/limits.h"
#include "client/status.h"
#include "core/keys/private_file.h"

namespace wonbon::client {

std::optional<absl::Duration> ParseDuration(const std::string& text) {
  absl::Duration duration;
  const bool number = !text.empty() && text.find_first_not_of("0123456789.") == text.npos;
  if (!absl::ParseDuration(number ? text + "s" : text, &duration) ||
      duration < absl::ZeroDuration()) {
    return std::nullopt;
  }
  return duration;
}

CLI::Validator DurationValidator() {
  return CLI::Validator(
      [](const std::string& text) {
        return ParseDuration(text).has_value()
                   ? std::string()
                   : "\"" + text + "\" is not a duration such as 30s, 500ms or 2m";
      },
      "DURATION");
}

void AddGlobalOptions(CLI::App& app, GlobalOptions* options) {
  app.add_option("--endpoint", options->endpoint, "Server to ask, as host:port")
      ->envname("WONBON_ENDPOINT")
      ->capture_default_str();
  app.add_option("--api-key", options->api_key,
                 "Key to show to the server. Others of this machine see a command's options: "
                 "better give it by the variable or a file")
      ->envname("WONBON_API_KEY");
  app.add_option("--api-key-file", options->api_key_file,
                 "File that holds the key, readable by its owner alone; --api-key goes before it")
      ->envname("WONBON_API_KEY_FILE");
  app.add_option("--ca", options->ca_file, "PEM file of the authorities to trust (default: system)")
      ->envname("WONBON_CA");
  app.add_option("--client-cert", options->cert_file,
                 "PEM file of a certificate to show to the server (mTLS)")
      ->envname("WONBON_CLIENT_CERT");
  app.add_option("--client-key", options->key_file, "PEM file of the key of --client-cert")
      ->envname("WONBON_CLIENT_KEY");
  app.add_flag("--insecure", options->insecure,
               "No TLS (default: no TLS to this machine, TLS to all others)");
  app.add_option("--collection", options->collection, "Collection (default: \"default\")")
      ->envname("WONBON_COLLECTION");
  app.add_option_function<std::string>(
         "--timeout",
         [options](const std::string& text) { options->timeout = ParseDuration(text); },
         "Time for one request, repetitions included, such as 500ms or 2m (default 30s)")
      ->check(DurationValidator());
  app.add_option("--output", options->output, "table, json or jsonl (default: what suits the verb)")
      ->check(CLI::IsMember({"table", "json", "jsonl"}));
}

Output Session::OutputOr(Output preset) const {
  if (global.output == "table") return Output::kTable;
  if (global.output == "json") return Output::kJson;
  if (global.output == "jsonl") return Output::kJsonl;
  return preset;
}

ChannelOptions ChannelOf(const GlobalOptions& global) {
  return {.endpoint = global.endpoint,
          .api_key = global.api_key,
          .ca_file = global.ca_file,
          .cert_file = global.cert_file,
          .key_file = global.key_file,
          .insecure = global.insecure};
}

absl::StatusOr<std::unique_ptr<Client>> Session::Connect(int connections) const {
  ClientOptions options;
  options.channel = ChannelOf(global);
  if (global.api_key.empty() && !global.api_key_file.empty()) {
    const absl::StatusOr<std::string> text = keys::ReadSmallFile(
        global.api_key_file, kMaxApiKeyFileBytes, keys::Secrecy::kPrivate);
    if (!text.ok()) return text.status();
    options.channel.api_key = std::string(absl::StripAsciiWhitespace(*text));
  }
  options.connections = connections;
  if (global.timeout.has_value()) {
    options.call.timeout = options.call.attempt_timeout = *global.timeout;
  }
  // Somebody is waiting: a server that is not there should show soon.
  options.call.retry.max_attempts = 4;
  return Client::Create(options);
}

int Session::Fail(const absl::Status& status) const {
  std::string line;
  // What a channel could not begin with may be another port than was meant.
  if (absl::IsUnavailable(status) && ErrorReason(status).empty()) line = PortHint(global);
  if (line.empty()) line = Explain(status, global);
  err << "wonbon: " << Printable(line) << std::endl;
  return kExitFailed;
}

std::string Reason(const absl::Status& status) {
  std::string message(status.message());
  // gRPC's own words: "failed to connect to all addresses; last error: UNKNOWN: ipv4:…: Connection
  // refused". The end says it all.
  if (message.starts_with("failed to connect")) {
    const size_t colon = message.rfind(": ");
    if (colon != message.npos) message.erase(0, colon + 2);
  }
  return message;
}

std::string Explain(const absl::Status& status, const GlobalOptions& options) {
  const std::string message = Reason(status);
  const std::string server = "the server at " + options.endpoint;
  const bool answered = !ErrorReason(status).empty();
  switch (status.code()) {
    case absl::StatusCode::kUnavailable: {
      if (answered) return server + " cannot answer now: " + message + "; try again shortly";
      return "server not reachable at " + options.endpoint + " (" + message + "): " +
             (UsesTls(ChannelOf(options))
                  ? "check --endpoint and --ca; give --client-cert and --client-key if the server "
                    "asks for a certificate, or --insecure if it has no TLS"
                  : "start it with deploy/serve, or name another with --endpoint");
    }
    case absl::StatusCode::kDeadlineExceeded:
      return server + " did not answer in time (" + message + "): try a longer --timeout";
    case absl::StatusCode::kUnauthenticated:
      return server + " does not know you: " + message +
             (ErrorReason(status) == "KEY_MISSING"
                  ? "; set WONBON_API_KEY or give --api-key-file"
                  : "; another key is needed, which `wonbon keys new` makes where the server is: "
                    "set WONBON_API_KEY or give --api-key-file");
    case absl::StatusCode::kPermissionDenied:
      return "not allowed: " + message + "; this needs another --api-key";
    case absl::StatusCode::kResourceExhausted:
      if (ErrorReason(status) == "RATE_LIMITED") {
        return "a limit of your key: " + message + "; try again shortly, or slower";
      }
      // A limit that passes says when; one that stays does not.
      return RetryDelay(status).has_value()
                 ? server + " is busy: " + message + "; try again shortly"
                 : "a limit of " + server + ": " + message;
    case absl::StatusCode::kUnimplemented:
      return server + " does not offer this: " +
             (message.empty() ? "UNIMPLEMENTED" : message + " (UNIMPLEMENTED)");
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kDataLoss:
      return message + (answered ? "; see the log of " + server : "");
    default: return message.empty() ? absl::StatusCodeToString(status.code()) : message;
  }
}

}  // namespace wonbon::client
