// The TOML file: the one file that includes toml++.
#include <toml++/toml.h>

#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "core/views.h"
#include "server/config/config.h"

namespace wonbon::server {
namespace {

absl::StatusOr<std::string> TextOfNode(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return absl::StrCat(number->get());
  if (const auto* flag = node.as_boolean()) return std::string(flag->get() ? "true" : "false");
  return absl::InvalidArgumentError("must be a text, a number, true or false");
}

}  // namespace

absl::StatusOr<std::vector<GivenValue>> ReadConfigFile(const std::string& path) {
  std::ifstream file(path);
  if (!file) return absl::NotFoundError(absl::StrCat("cannot read the configuration file ", path));
  std::ostringstream text;
  text << file.rdbuf();
  toml::table table;
  try {
    table = toml::parse(text.str(), path);
  } catch (const toml::parse_error& error) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ":", error.source().begin.line, ": ", Absl(error.description())));
  }
  std::vector<GivenValue> values;
  for (const auto& [key, node] : table) {
    GivenValue value;
    value.name = std::string(key.str());
    value.origin = absl::StrCat(path, ":", node.source().begin.line);
    absl::StatusOr<std::string> as_text = TextOfNode(node);
    if (!as_text.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat(value.origin, ": ", value.name, " ", as_text.status().message()));
    }
    value.text = *std::move(as_text);
    values.push_back(std::move(value));
  }
  return values;
}

}  // namespace wonbon::server
