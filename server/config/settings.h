// The table of settings: everything there is to say about each.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "server/config/config.h"

namespace wonbon::server {

struct Setting {
  using Field = std::variant<std::string Config::*, bool Config::*, int64_t Config::*,
                             ByteSize Config::*, absl::Duration Config::*>;

  std::string_view
      name;  // TOML key; the flag has '-' for '_', the environment WONBON_ and capitals
  Field field;
  std::string_view help;
  int64_t min = 0;  // of numbers, inclusive
  int64_t max = 0;  // also of durations, in seconds; 0: an hour
  std::string_view choices = {};  // of texts: "sync|async"; empty: any
  bool secret = false;            // never printed
};

// In the order of --help.
std::span<const Setting> Settings();

std::string FlagOf(const Setting& setting);         // "max-body-bytes"
std::string EnvironmentOf(const Setting& setting);  // "WONBON_MAX_BODY_BYTES"
// The value as text, as the flag would take it.
std::string TextOf(const Setting& setting, const Config& config);
// The same for others to see: of a secret "set" or "unset".
std::string ShownOf(const Setting& setting, const Config& config);
// Where the value came from: "default", "flag --listen", ...
std::string OriginOf(const Setting& setting, const Config& config);

}  // namespace wonbon::server
