#include "core/keys/key_file.h"

#include <fnmatch.h>
#include <toml++/toml.h>

#include <algorithm>
#include <sstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "core/keys/limits.h"

namespace wonbon::keys {
namespace {

constexpr std::string_view kNameCharacters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
constexpr std::string_view kPatternCharacters = "abcdefghijklmnopqrstuvwxyz0123456789-_*?";

template <class... Parts>
absl::Status Bad(const Parts&... parts) {
  return absl::InvalidArgumentError(absl::StrCat(parts...));
}

absl::StatusOr<std::string> TextOf(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  return Bad("must be a text in quotes");
}

absl::StatusOr<absl::Time> TimeOf(const toml::node& node) {
  const auto* found = node.as_date_time();
  if (found == nullptr || !found->get().offset) {
    return Bad("must be a time with its zone, as in 2027-06-30T15:00:00Z, without quotes");
  }
  const toml::date_time& at = found->get();
  const absl::CivilSecond civil(at.date.year, at.date.month, at.date.day, at.time.hour,
                                at.time.minute, at.time.second);
  return absl::FromCivil(civil, absl::UTCTimeZone()) - absl::Minutes(at.offset->minutes);
}

absl::StatusOr<int64_t> RateOf(const toml::node& node) {
  const auto* number = node.as_integer();
  if (number == nullptr || number->get() < 1 || number->get() > kMaxRate) {
    return Bad("must be a whole number from 1 to ", kMaxRate, "; leave it out for no limit");
  }
  return number->get();
}

absl::StatusOr<std::vector<std::string>> PatternsOf(const toml::node& node) {
  const toml::array* list = node.as_array();
  if (list == nullptr || list->empty()) {
    return Bad("must be a list of at least one collection; [\"*\"] is all of them");
  }
  if (list->size() > kMaxKeyCollections) {
    return Bad("has ", list->size(), " entries, at most ", kMaxKeyCollections, " are allowed");
  }
  std::vector<std::string> patterns;
  patterns.reserve(list->size());
  for (const toml::node& entry : *list) {
    absl::StatusOr<std::string> pattern = TextOf(entry);
    if (!pattern.ok()) return pattern.status();
    if (pattern->empty() || pattern->size() > kMaxPatternBytes ||
        pattern->find_first_not_of(kPatternCharacters) != pattern->npos) {
      return Bad("has an entry that no collection's name can be like: 1 to ", kMaxPatternBytes,
                 " of a-z, 0-9, '-', '_', '*' and '?' are allowed");
    }
    patterns.push_back(*std::move(pattern));
  }
  return patterns;
}

template <class Value, class Field>
absl::Status Set(absl::StatusOr<Value> value, Field& field) {
  if (!value.ok()) return value.status();
  field = *std::move(value);
  return absl::OkStatus();
}

absl::Status SetField(std::string_view field, const toml::node& node, Key& key) {
  if (field == "name") return Set(TextOf(node), key.name);
  if (field == "certificate") return Set(TextOf(node), key.certificate);
  if (field == "collections") return Set(PatternsOf(node), key.collections);
  if (field == "requests_per_second") return Set(RateOf(node), key.requests_per_second);
  if (field == "documents_per_second") return Set(RateOf(node), key.documents_per_second);
  if (field == "expires") return Set(TimeOf(node), key.expires);
  if (field == "revoked") return Set(TimeOf(node), key.revoked);
  if (field == "role") {
    const absl::StatusOr<std::string> text = TextOf(node);
    const std::optional<Role> role = text.ok() ? ParseRole(*text) : std::nullopt;
    if (!role) return Bad("must be \"reader\", \"writer\", \"editor\" or \"admin\"");
    key.role = *role;
    return absl::OkStatus();
  }
  if (field == "hash") {
    const absl::StatusOr<std::string> text = TextOf(node);
    key.digest = text.ok() ? ParseHash(*text) : std::nullopt;
    // What stands there may be a key: it is not repeated.
    if (key.digest) return absl::OkStatus();
    return Bad("must be \"sha256:\" and 64 hex digits, as `wonbon keys new` makes");
  }
  return Bad("is no field of a key");
}

absl::Status CheckName(const std::string& name) {
  if (name.empty()) return Bad("has no name");
  if (name.size() > kMaxKeyNameBytes || name.find_first_not_of(kNameCharacters) != name.npos) {
    return Bad("name must be 1 to ", kMaxKeyNameBytes, " of letters, digits, '-', '_' and '.'");
  }
  if (name == kAnonymous) return Bad("this name is for those who show no key");
  return absl::OkStatus();
}

// What a key must have, whatever the order of its fields.
absl::Status CheckWhole(const Key& key, bool has_role) {
  if (key.digest.has_value() != key.certificate.empty()) {
    return Bad("needs either a hash or a certificate");
  }
  if (key.certificate.size() > kMaxCertificateIdentityBytes) {
    return Bad("certificate: at most ", kMaxCertificateIdentityBytes, " bytes are allowed");
  }
  if (!has_role) return Bad("has no role");
  if (key.collections.empty()) return Bad("has no collections; [\"*\"] is all of them");
  return absl::OkStatus();
}

absl::StatusOr<Key> KeyOf(const toml::table& table) {
  Key key;
  // First, for it is named in what is said of the others.
  if (const toml::node* name = table.get("name")) {
    const absl::Status set = SetField("name", *name, key);
    if (!set.ok()) return Bad("name ", set.message());
  }
  absl::Status status = CheckName(key.name);
  if (!status.ok()) return status;
  const auto of_key = [&key](const absl::Status& fault) {
    return Bad("key \"", key.name, "\": ", fault.message());
  };
  for (const auto& [field, node] : table) {
    const std::string name(field.str());
    const absl::Status set = SetField(name, node, key);
    if (!set.ok()) return of_key(Bad(name, " ", set.message()));
  }
  status = CheckWhole(key, table.contains("role"));
  if (!status.ok()) return of_key(status);
  return key;
}

// Keys and the lines they begin at.
struct Parsed {
  std::vector<Key> keys;
  std::vector<size_t> lines;
};

absl::StatusOr<toml::table> ReadToml(std::string_view text) {
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    // Its description repeats what it met, which may be a key.
    return Bad(error.source().begin.line, ": not TOML, from column ", error.source().begin.column,
               " on");
  }
}

// REQUIRES: no two keys in `parsed` alike.
absl::Status CheckUnlikeAll(const Key& key, const Parsed& parsed) {
  for (size_t i = 0; i < parsed.keys.size(); ++i) {
    const Key& other = parsed.keys[i];
    const char* alike = nullptr;
    if (other.name == key.name) alike = "name";
    if (key.digest && other.digest == key.digest) alike = "hash";
    if (!key.certificate.empty() && other.certificate == key.certificate) alike = "certificate";
    if (alike == nullptr) continue;
    return Bad("key \"", key.name, "\": the same ", alike, " as in line ", parsed.lines[i]);
  }
  return absl::OkStatus();
}

absl::StatusOr<Parsed> Parse(std::string_view text) {
  const absl::StatusOr<toml::table> table = ReadToml(text);
  if (!table.ok()) return table.status();
  for (const auto& [name, node] : *table) {
    if (name.str() != "key" || !node.is_array_of_tables()) {
      return Bad(node.source().begin.line, ": only [[key]] may stand here");
    }
  }
  Parsed parsed;
  const toml::array* entries = (*table)["key"].as_array();
  if (entries == nullptr) return Bad("1: no [[key]] in it");
  if (entries->size() > kMaxKeys) {
    return Bad("1: ", entries->size(), " keys, at most ", kMaxKeys, " are allowed");
  }
  for (const toml::node& entry : *entries) {
    const size_t line = entry.source().begin.line;
    absl::StatusOr<Key> key = KeyOf(*entry.as_table());
    absl::Status status = key.status();
    if (status.ok()) status = CheckUnlikeAll(*key, parsed);
    if (!status.ok()) return Bad(line, ": ", status.message());
    parsed.keys.push_back(*std::move(key));
    parsed.lines.push_back(line);
  }
  return parsed;
}

// An empty text is a file that is to be made.
absl::StatusOr<Parsed> ParseOrNone(std::string_view text) {
  if (text.find_first_not_of(" \t\r\n") == text.npos) return Parsed{};
  return Parse(text);
}

std::string Quoted(const std::string& text) {
  std::ostringstream out;
  out << toml::value<std::string>(text);
  return out.str();
}

std::string TextOf(const Key& key) {
  std::string out = absl::StrCat("[[key]]\nname = ", Quoted(key.name), "\n");
  if (key.digest) absl::StrAppend(&out, "hash = \"", FormatHash(*key.digest), "\"\n");
  if (!key.certificate.empty()) {
    absl::StrAppend(&out, "certificate = ", Quoted(key.certificate), "\n");
  }
  absl::StrAppend(&out, "role = \"", std::string(Name(key.role)), "\"\n");
  absl::StrAppend(&out, "collections = [\"", absl::StrJoin(key.collections, "\", \""), "\"]\n");
  if (key.requests_per_second > 0) {
    absl::StrAppend(&out, "requests_per_second = ", key.requests_per_second, "\n");
  }
  if (key.documents_per_second > 0) {
    absl::StrAppend(&out, "documents_per_second = ", key.documents_per_second, "\n");
  }
  if (key.expires) absl::StrAppend(&out, "expires = ", TimeText(*key.expires), "\n");
  if (key.revoked) absl::StrAppend(&out, "revoked = ", TimeText(*key.revoked), "\n");
  return out;
}

// What was made is what a server will read.
absl::StatusOr<std::string> Checked(std::string text) {
  if (text.size() > kMaxKeyFileBytes) {
    return Bad("the file would be larger than ", kMaxKeyFileBytes, " bytes");
  }
  const absl::Status status = Parse(text).status();
  if (!status.ok()) return status;
  return text;
}

}  // namespace

absl::StatusOr<std::vector<Key>> ParseKeyFile(std::string_view text) {
  absl::StatusOr<Parsed> parsed = Parse(text);
  if (!parsed.ok()) return parsed.status();
  return std::move(parsed->keys);
}

bool CoversAll(const Key& key) {
  return std::find(key.collections.begin(), key.collections.end(), "*") != key.collections.end();
}

bool Covers(const Key& key, std::string_view collection) {
  if (CoversAll(key)) return true;
  const auto covers = [&](const std::string& pattern) {
    // No collection has a longer name, nor one with a zero in it, where C's texts end.
    if (collection.size() > kMaxPatternBytes || collection.find('\0') != collection.npos) {
      return false;
    }
    return fnmatch(pattern.c_str(), std::string(collection).c_str(), FNM_NOESCAPE) == 0;
  };
  return std::any_of(key.collections.begin(), key.collections.end(), covers);
}

absl::StatusOr<std::string> AddKey(std::string_view text, const Key& key) {
  const absl::StatusOr<Parsed> parsed = ParseOrNone(text);
  if (!parsed.ok()) return parsed.status();
  for (size_t i = 0; i < parsed->keys.size(); ++i) {
    if (parsed->keys[i].name != key.name) continue;
    return absl::AlreadyExistsError(
        absl::StrCat("there is a key \"", key.name, "\" in line ", parsed->lines[i]));
  }
  std::string whole(text);
  if (!whole.empty() && whole.back() != '\n') whole.push_back('\n');
  if (!whole.empty()) whole.push_back('\n');
  return Checked(whole + TextOf(key));
}

absl::StatusOr<std::string> RevokeKey(std::string_view text, std::string_view name,
                                      absl::Time now) {
  const absl::StatusOr<Parsed> parsed = ParseOrNone(text);
  if (!parsed.ok()) return parsed.status();
  const auto found = std::find_if(parsed->keys.begin(), parsed->keys.end(),
                                  [name](const Key& key) { return key.name == name; });
  if (found == parsed->keys.end()) {
    return absl::NotFoundError(absl::StrCat("there is no key \"", std::string(name), "\""));
  }
  if (found->revoked) {
    return absl::FailedPreconditionError(absl::StrCat("key \"", found->name, "\" was revoked ",
                                                      TimeText(*found->revoked)));
  }
  const size_t line = parsed->lines[static_cast<size_t>(found - parsed->keys.begin())];
  std::vector<std::string> lines = absl::StrSplit(std::string(text), '\n');
  if (line < 1 || line > lines.size() || lines[line - 1].find("[[") == std::string::npos) {
    return Bad(line, ": key \"", found->name, "\" does not begin with [[key]]: revoke it by hand");
  }
  lines.insert(lines.begin() + static_cast<ptrdiff_t>(line),
               absl::StrCat("revoked = ", TimeText(now)));
  return Checked(absl::StrJoin(lines, "\n"));
}

std::string TimeText(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone());
}

}  // namespace wonbon::keys
