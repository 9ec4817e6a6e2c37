#include "server/config/settings.h"

#include <array>
#include <filesystem>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "core/views.h"
#include "server/config/address.h"
#include "server/limits.h"

namespace wonbon::server {
namespace {

constexpr std::array kSettings = {
    Setting{
        "listen", &Config::listen,
        "Where gRPC listens: host:port. Port 0 picks a free one; the start-up line says which."},
    Setting{"admin_listen", &Config::admin_listen,
            "Where /livez, /readyz, /metrics, the dashboard and the rpcs over HTTP are served: "
            "host:port. Empty: nowhere. The rpcs ask for keys as gRPC does, the rest does not: "
            "keep it on loopback or an internal network."},
    Setting{"http_listen", &Config::http_listen,
            "Where the rpcs are served over HTTP/1.1 and JSON: host:port. With tls_cert by HTTPS. "
            "Empty: on admin_listen alone."},
    Setting{"data_dir", &Config::data_dir,
            "The folder that holds everything wonbon remembers. Made if missing."},
    Setting{.name = "durability",
            .field = &Config::durability,
            .help = "sync: an answered document is on disk. async: a power cut may lose the last "
                    "moments; faster.",
            .choices = "sync|async"},
    Setting{.name = "seed_file",
            .field = &Config::seed_file,
            .help =
                "16 raw bytes that key the hashes, readable by the owner alone; two servers with "
                "one seed answer alike. Unset: drawn at the first start, kept in data_dir.",
            .secret = true},
    Setting{"insecure", &Config::insecure,
            "Serve without TLS. Whoever is on the way can read along, keys too."},
    Setting{"tls_cert", &Config::tls_cert,
            "Certificate chain of the server, PEM. Reloaded when the file changes."},
    Setting{"tls_key", &Config::tls_key, "Private key of tls_cert, PEM. Reloaded with it."},
    Setting{
        "tls_client_ca", &Config::tls_client_ca,
        "PEM bundle: only clients with a certificate signed by one of these may connect (mTLS)."},
    Setting{"api_keys_file", &Config::api_keys_file,
            "TOML file of who may call what, as `wonbon keys` writes it; readable by the owner "
            "alone. Reloaded when the file changes, and at SIGHUP. Unset: there are no keys, and "
            "only calls from this machine are taken, unless anonymous is given."},
    Setting{.name = "anonymous",
            .field = &Config::anonymous,
            .help = "The role of calls that show neither a key nor a certificate that is known, "
                    "from wherever they come.",
            .choices = "reader|writer|editor|admin|"},
    Setting{"audit_log", &Config::audit_log,
            "File that a JSON line is appended to for each call that is for editors or admins "
            "alone. Opened anew at SIGHUP, for who rotates it."},
    Setting{"reflection", &Config::reflection,
            "Answer gRPC server reflection, to anybody: it shows the contract, and nothing else."},
    Setting{.name = "threads",
            .field = &Config::threads,
            .help = "Worker threads. 0: as many as there are cores.",
            .min = 0,
            .max = 1'024},
    Setting{.name = "max_body_bytes",
            .field = &Config::max_body_bytes,
            .help = "Longest body of a document, in bytes. Longer: INVALID_ARGUMENT.",
            .min = 1 << 10,
            .max = kMaxBodyBytesSetting},
    Setting{.name = "article_cache_mb",
            .field = &Config::article_cache_mb,
            .help = "Memory for texts of indexed documents kept ready for judgement, in MiB.",
            .min = 1,
            .max = 1 << 20},
    Setting{.name = "max_queued_requests",
            .field = &Config::max_queued_requests,
            .help = "Requests that may wait for a worker. More: RESOURCE_EXHAUSTED.",
            .min = 1,
            .max = 1 << 20},
    Setting{"memory_limit", &Config::memory_limit,
            "Memory that the process may take: 512MiB, 4GiB. Past it submissions are refused with "
            "RESOURCE_EXHAUSTED and reads go on. 0: .8 of the machine's, or of the control "
            "group's."},
    Setting{"disk_reserve", &Config::disk_reserve,
            "Room that is to stay free on the disk of data_dir: 512MiB, 4GiB. With less, whatever "
            "writes is refused with RESOURCE_EXHAUSTED and reads go on. 0: written until it is "
            "full."},
    Setting{"backup_dir", &Config::backup_dir,
            "The folder that backups are made in: there already, of their own, best on another "
            "disk. Unset: none are made."},
    Setting{.name = "backup_every",
            .field = &Config::backup_every,
            .help = "How often a backup is made: 6h, 24h. 0: only when asked.",
            .max = 31 * 24 * 3600},
    Setting{.name = "backup_keep",
            .field = &Config::backup_keep,
            .help = "Backups of this store that are kept; the oldest go when one was made.",
            .min = 1,
            .max = 10'000},
    Setting{"max_stream_stall", &Config::max_stream_stall,
            "How long the client of a stream may take none of its answers; then the stream ends "
            "with RESOURCE_EXHAUSTED."},
    Setting{"max_stream_idle", &Config::max_stream_idle,
            "How long a SubmitStream may be open without a whole message coming in; then it ends "
            "with UNAVAILABLE."},
    Setting{"drain_timeout", &Config::drain_timeout,
            "How long a stopping server waits for calls in progress: 30s, 2m."},
    Setting{"slow_call", &Config::slow_call,
            "A call that takes at least so long has a line in the log and is told by "
            "ListSlowCalls. 0: none."},
    Setting{.name = "log_format",
            .field = &Config::log_format,
            .help = "Log lines on stderr as text, or as a JSON object each.",
            .choices = "text|json"},
    Setting{.name = "log_level",
            .field = &Config::log_level,
            .help = "The least important lines that are logged.",
            .choices = "debug|info|warning|error"},
};

const Setting* Find(std::string_view name) {
  for (const Setting& setting : kSettings) {
    if (setting.name == name) return &setting;
  }
  return nullptr;
}

absl::Status Bad(const std::string& description) {
  return absl::InvalidArgumentError(description);
}

absl::Status Set(const Setting& setting, const std::string& text, std::string& value) {
  if (!setting.choices.empty()) {
    const std::vector<std::string> choices = absl::StrSplit(Absl(setting.choices), '|');
    for (const std::string& choice : choices) {
      if (choice == text) {
        value = text;
        return absl::OkStatus();
      }
    }
    return Bad(absl::StrCat("must be one of ", Absl(setting.choices), ", got \"", text, "\""));
  }
  value = text;
  return absl::OkStatus();
}

absl::Status Set(const Setting&, const std::string& text, bool& value) {
  if (absl::SimpleAtob(text, &value)) return absl::OkStatus();
  return Bad(absl::StrCat("must be true or false, got \"", text, "\""));
}

absl::Status Set(const Setting& setting, const std::string& text, int64_t& value) {
  int64_t number = 0;
  if (!absl::SimpleAtoi(text, &number) || number < setting.min || number > setting.max) {
    return Bad(absl::StrCat("must be a number from ", setting.min, " to ", setting.max, ", got \"",
                            text, "\""));
  }
  value = number;
  return absl::OkStatus();
}

struct Unit {
  absl::string_view name;
  uint64_t bytes;
};
// The largest that divides a number is the one it is printed with.
constexpr Unit kUnits[] = {{"GiB", 1 << 30},       {"MiB", 1 << 20}, {"KiB", 1 << 10},
                           {"GB", 1'000'000'000}, {"MB", 1'000'000}, {"KB", 1'000},
                           {"B", 1}};

absl::Status Set(const Setting&, const std::string& text, ByteSize& value) {
  absl::string_view digits = text;
  uint64_t unit = 1;
  for (const Unit& known : kUnits) {
    if (absl::ConsumeSuffix(&digits, known.name)) {
      unit = known.bytes;
      break;
    }
  }
  uint64_t number = 0;
  if (!absl::SimpleAtoi(digits, &number) || number > UINT64_MAX / unit) {
    return Bad(absl::StrCat("must be a number of bytes, as in 512MiB or 4GiB, got \"", text, "\""));
  }
  value.bytes = number * unit;
  return absl::OkStatus();
}

absl::Status Set(const Setting& setting, const std::string& text, absl::Duration& value) {
  const absl::Duration most = setting.max > 0 ? absl::Seconds(setting.max) : absl::Hours(1);
  absl::Duration duration;
  if (!absl::ParseDuration(text, &duration) || duration < absl::ZeroDuration() ||
      duration > most) {
    return Bad(absl::StrCat("must be a duration up to ", absl::ToInt64Hours(most),
                            "h, as in 30s, got \"", text, "\""));
  }
  value = duration;
  return absl::OkStatus();
}

std::string Text(const std::string& value) { return value; }
std::string Text(bool value) { return value ? "true" : "false"; }
std::string Text(int64_t value) { return absl::StrCat(value); }
std::string Text(ByteSize value) {
  for (const Unit& unit : kUnits) {
    if (value.bytes > 0 && value.bytes % unit.bytes == 0) {
      return absl::StrCat(value.bytes / unit.bytes, unit.name);
    }
  }
  return "0";
}
std::string Text(absl::Duration value) { return absl::FormatDuration(value); }

bool IsQuoted(const Setting& setting) {
  return std::holds_alternative<std::string Config::*>(setting.field) ||
         std::holds_alternative<ByteSize Config::*>(setting.field) ||
         std::holds_alternative<absl::Duration Config::*>(setting.field);
}

// A TOML string: what the grammar does not let stand in one is escaped.
std::string Quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      absl::StrAppend(&out, "\\", absl::string_view(&c, 1));
    } else if (byte < 0x20 || byte == 0x7F) {
      absl::StrAppend(&out, "\\u", absl::Hex(byte, absl::kZeroPad4));
    } else {
      out.push_back(c);
    }
  }
  return out + "\"";
}

// "name = value", as a TOML file has it.
std::string Line(const Setting& setting, const std::string& text) {
  return absl::StrCat(Absl(setting.name), " = ", IsQuoted(setting) ? Quoted(text) : text);
}

// Words in comment lines of at most kCommentColumns.
std::string Comment(std::string_view text) {
  constexpr size_t kCommentColumns = 100;
  std::string out;
  size_t column = 0;
  for (const absl::string_view word : absl::StrSplit(Absl(text), ' ')) {
    if (column > 0 && column + 1 + word.size() > kCommentColumns) {
      out += '\n';
      column = 0;
    }
    absl::StrAppend(&out, column == 0 ? "# " : " ", word);
    column += word.size() + (column == 0 ? 2 : 1);
  }
  return out + "\n";
}

absl::Status CheckAddress(std::string_view name, const std::string& address) {
  const absl::Status status = ParseAddress(address).status();
  if (status.ok()) return status;
  return Bad(absl::StrCat(Absl(name), ": ", status.message(), ", got \"", address, "\""));
}

}  // namespace

std::span<const Setting> Settings() { return kSettings; }

std::string FlagOf(const Setting& setting) {
  return absl::StrReplaceAll(Absl(setting.name), {{"_", "-"}});
}

std::string EnvironmentOf(const Setting& setting) {
  return absl::StrCat("WONBON_", absl::AsciiStrToUpper(Absl(setting.name)));
}

std::string TextOf(const Setting& setting, const Config& config) {
  return std::visit([&](auto field) { return Text(config.*field); }, setting.field);
}

absl::Status Apply(const std::vector<GivenValue>& values, Config& config) {
  for (const GivenValue& given : values) {
    const Setting* setting = Find(given.name);
    if (setting == nullptr) {
      return Bad(absl::StrCat(given.origin, ": unknown setting \"", given.name,
                              "\"; wonbond --help lists them all"));
    }
    const absl::Status set = std::visit(
        [&](auto field) { return Set(*setting, given.text, config.*field); }, setting->field);
    if (!set.ok()) return Bad(absl::StrCat(given.origin, ": ", given.name, " ", set.message()));
    config.origins[given.name] = given.origin;
  }
  return absl::OkStatus();
}

absl::Status Validate(const Config& config) {
  absl::Status address = CheckAddress("listen", config.listen);
  if (!address.ok()) return address;
  if (!config.admin_listen.empty()) {
    address = CheckAddress("admin_listen", config.admin_listen);
    if (!address.ok()) return address;
  }
  if (!config.http_listen.empty()) {
    address = CheckAddress("http_listen", config.http_listen);
    if (!address.ok()) return address;
  }
  if (config.data_dir.empty()) return Bad("data_dir must not be empty");
  const std::string data = std::filesystem::path(config.data_dir + "/").lexically_normal();
  const std::string backups = std::filesystem::path(config.backup_dir + "/").lexically_normal();
  if (!config.backup_dir.empty() && absl::StartsWith(backups, data)) {
    return Bad("backup_dir must not be in data_dir: what befalls one would befall the other");
  }
  if (config.backup_dir.empty() && config.backup_every > absl::ZeroDuration()) {
    return Bad("backup_every needs backup_dir");
  }
  if (config.tls_cert.empty() != config.tls_key.empty()) {
    return Bad("tls_cert and tls_key belong together: give both or none");
  }
  if (config.tls_cert.empty() && !config.tls_client_ca.empty()) {
    return Bad("tls_client_ca needs tls_cert and tls_key");
  }
  if (config.tls_cert.empty() && !config.insecure) {
    return Bad(
        "refusing to serve without TLS: give --tls-cert and --tls-key, or --insecure to serve "
        "plaintext");
  }
  if (!config.tls_cert.empty() && config.insecure) {
    return Bad("--insecure contradicts --tls-cert: give one of them");
  }
  return absl::OkStatus();
}

std::string ShownOf(const Setting& setting, const Config& config) {
  std::string text = TextOf(setting, config);
  if (setting.secret) return text.empty() ? "unset" : "set";
  return text;
}

std::string OriginOf(const Setting& setting, const Config& config) {
  const auto origin = config.origins.find(setting.name);
  return origin == config.origins.end() ? "default" : origin->second;
}

std::string Print(const Config& config) {
  std::string out;
  for (const Setting& setting : kSettings) {
    const std::string shown = ShownOf(setting, config);
    if (setting.secret) {
      absl::StrAppend(&out, "# ", Absl(setting.name), " is ", shown);
    } else {
      out += Line(setting, shown);
    }
    absl::StrAppend(&out, "  # ", OriginOf(setting, config), "\n");
  }
  return out;
}

std::string Example(const Config& config) {
  std::string out =
      "# Settings of wonbond: wonbond --config FILE. Flags and WONBON_* environment variables go\n"
      "# before this file; what is left out or commented out has its default.\n"
      "# wonbond --config FILE --check-config says whether it is right.\n";
  for (const Setting& setting : kSettings) {
    absl::StrAppend(&out, "\n", Comment(setting.help));
    if (!setting.choices.empty()) {
      absl::StrAppend(&out, "# One of: ",
                      absl::StrReplaceAll(Absl(setting.choices), {{"|", " "}}), "\n");
    }
    const bool given = config.origins.contains(setting.name) && !setting.secret;
    absl::StrAppend(&out, given ? "" : "#",
                    Line(setting, TextOf(setting, given ? config : Config())), "\n");
  }
  return out;
}

}  // namespace wonbon::server
