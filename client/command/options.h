// The options that every verb shares, and what a verb gets to work with.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/client.h"

namespace wonbon::client {

enum class Output { kTable, kJson, kJsonl };

struct GlobalOptions {
  std::string endpoint{kDefaultEndpoint};
  std::string api_key;
  std::string api_key_file;
  std::string ca_file;
  std::string cert_file;
  std::string key_file;
  bool insecure = false;
  std::string collection;
  // Unset: what suits the verb. The text is what the user wrote.
  std::optional<absl::Duration> timeout;
  std::string output;  // empty, "table", "json" or "jsonl"
};

// How the options lead to the server; the key only where it was given as an option.
ChannelOptions ChannelOf(const GlobalOptions& global);

// Adds the shared options to the command. They are taken before and behind the verb.
void AddGlobalOptions(CLI::App& app, GlobalOptions* options);

// What a verb works with.
struct Session {
  const GlobalOptions& global;
  std::ostream& out;
  std::ostream& err;
  // Cells of a line where `out` is a terminal; 0 where it is a file or a pipe.
  int out_columns = 0;
  // `out` is a terminal, and NO_COLOR is not set (no-color.org).
  bool colour = false;
  // A progress bar makes sense.
  bool err_is_terminal = false;

  Output OutputOr(Output preset) const;
  // INVALID_ARGUMENT, NOT_FOUND, FAILED_PRECONDITION: the options do not name a server that could
  // be reached, or files that can be used.
  absl::StatusOr<std::unique_ptr<Client>> Connect(int connections = 1) const;
  // Prints the error as one line that says what to do next. Returns kExitFailed.
  int Fail(const absl::Status& status) const;
};

inline constexpr int kExitOk = 0;
inline constexpr int kExitFailed = 1;  // an item failed, or the server could not be asked
inline constexpr int kExitUsage = 2;

// A verb that was chosen on the command line, ready to run. Returns the exit code.
using Verb = std::function<int(const Session& session)>;

// "30s", "500ms", "2m" or a number of seconds. Empty where it is none of these.
std::optional<absl::Duration> ParseDuration(const std::string& text);

// For CLI11: accepts what ParseDuration takes.
CLI::Validator DurationValidator();

// The message of an error, without what gRPC wraps around it.
std::string Reason(const absl::Status& status);

// The error in one line: what went wrong at which server, and what to do next.
std::string Explain(const absl::Status& status, const GlobalOptions& options);

}  // namespace wonbon::client
