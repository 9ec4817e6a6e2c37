// What the server can be told, and where each value came from.
//
// Precedence: flags > WONBON_* environment > TOML file (--config) > defaults. One table
// (settings.cc) drives all four, --print-config and --help.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace wonbon::server {

// A number of bytes that people write with a unit: "4GiB", "512MiB", "800MB".
struct ByteSize {
  uint64_t bytes = 0;
};

struct Config {
  std::string listen = "127.0.0.1:7443";
  std::string admin_listen = "127.0.0.1:9464";
  std::string http_listen;
  std::string data_dir = "wonbon-data";
  std::string durability = "sync";
  std::string seed_file;
  bool insecure = false;
  std::string tls_cert;
  std::string tls_key;
  std::string tls_client_ca;
  std::string api_keys_file;
  std::string anonymous;  // a role; empty: see Access::Options
  std::string audit_log;
  bool reflection = true;
  int64_t threads = 0;  // 0: as many as there are cores
  int64_t max_body_bytes = 256 << 10;
  int64_t article_cache_mb = 256;
  int64_t max_queued_requests = 4'096;
  ByteSize memory_limit;  // 0: of the command line, .8 of what is granted; of a Server, none
  ByteSize disk_reserve;
  std::string backup_dir;
  absl::Duration backup_every = absl::ZeroDuration();
  int64_t backup_keep = 7;
  absl::Duration max_stream_stall = absl::Seconds(30);
  absl::Duration max_stream_idle = absl::Minutes(10);
  absl::Duration drain_timeout = absl::Seconds(30);
  absl::Duration slow_call = absl::Seconds(1);
  std::string log_format = "text";
  std::string log_level = "info";

  // Where a value came from, by the setting's name; a missing one is the default.
  std::map<std::string, std::string, std::less<>> origins;
};

// One value on its way in.
struct GivenValue {
  std::string name;  // of the setting, "max_body_bytes"
  std::string text;
  std::string origin;  // "flag --max-body-bytes", "environment WONBON_...", "wonbond.toml:12"
};

// Sets the values in order, later ones over earlier ones. INVALID_ARGUMENT, naming the origin, for
// an unknown name or a bad value.
absl::Status Apply(const std::vector<GivenValue>& values, Config& config);

// What no single value shows: addresses, TLS files that belong together, a server without TLS that
// was not told --insecure.
absl::Status Validate(const Config& config);

// The settings in TOML, each with its origin. Secrets are only said to be set or unset.
std::string Print(const Config& config);
// A configuration file: every setting with what it means; those that nobody gave are commented out.
std::string Example(const Config& config);

// Values of a TOML file; one level of keys, named as the settings.
absl::StatusOr<std::vector<GivenValue>> ReadConfigFile(const std::string& path);

// What the command line asks for.
struct CommandLine {
  enum class Action {
    kServe,
    kPrintConfig,
    kExampleConfig,
    kCheckConfig,
    kShow,
    kVerify,
    kSalvage,
    kRestore
  };
  Action action = Action::kServe;
  Config config;
  std::string folder;      // kVerify, kSalvage: the data folder; kRestore: the backup
  std::string new_folder;  // kSalvage, kRestore
  std::string text;  // of --help, --man and --version: kShow
};

// Reads flags, environment and file into a validated configuration. INVALID_ARGUMENT with one line
// that says what to do.
absl::StatusOr<CommandLine> ReadCommandLine(int argc, const char* const* argv);

}  // namespace wonbon::server
