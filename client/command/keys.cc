// wonbon keys: the file of API keys that a server reads (wonbond --api-keys-file). No server is
// asked.
#include "core/keys/key_file.h"

#include "absl/strings/str_join.h"
#include "client/command/json.h"
#include "client/command/table.h"
#include "client/command/verbs.h"
#include "core/keys/limits.h"
#include "core/keys/private_file.h"

namespace wonbon::client {
namespace {

struct KeyOptions {
  std::string file;
  std::string name;
  std::string certificate;
  std::string role;
  std::vector<std::string> collections;
  int64_t requests = 0;
  int64_t documents = 0;
  std::string expires;
};

// "90d", "12h", or a time.
std::optional<absl::Time> ParseExpiry(const std::string& text) {
  absl::Time time;
  if (absl::ParseTime(absl::RFC3339_full, text, &time, nullptr)) return time;
  const bool days = text.ends_with('d');
  const auto length = ParseDuration(days ? text.substr(0, text.size() - 1) + "h" : text);
  if (!length.has_value() || *length == absl::ZeroDuration()) return std::nullopt;
  return absl::Now() + (days ? 24 * *length : *length);
}

// A fault of what stands in the file is said with its line, and wants the file's name before it.
absl::Status OfFile(const KeyOptions& options, const absl::Status& status) {
  if (!absl::IsInvalidArgument(status)) return status;
  return absl::InvalidArgumentError(options.file + ":" + std::string(status.message()));
}

absl::Status Edit(const KeyOptions& options,
                  const std::function<absl::StatusOr<std::string>(const std::string&)>& edit) {
  return OfFile(options, keys::EditPrivateFile(options.file, keys::kMaxKeyFileBytes, edit));
}

// The key itself is all that goes to `out`, once; nobody can tell it again.
int New(const Session& session, const KeyOptions& options) {
  keys::Key key{.name = options.name,
                .certificate = options.certificate,
                .role = *keys::ParseRole(options.role),
                .collections = options.collections,
                .requests_per_second = options.requests,
                .documents_per_second = options.documents};
  if (!options.expires.empty()) key.expires = ParseExpiry(options.expires);
  std::string secret;
  if (key.certificate.empty()) {
    secret = keys::NewKey();
    key.digest = keys::DigestOf(secret);
  }
  const absl::Status added =
      Edit(options, [&key](const std::string& text) { return keys::AddKey(text, key); });
  if (!added.ok()) return session.Fail(added);
  if (secret.empty()) {
    session.err << "Who shows a certificate for \"" << Printable(key.certificate) << "\" is "
                << key.name << " from now on." << std::endl;
    return kExitOk;
  }
  session.out << secret << std::endl;
  session.err << "This is the key " << key.name << ", shown once: the file holds its hash alone."
              << std::endl;
  return kExitOk;
}

int Revoke(const Session& session, const KeyOptions& options) {
  const absl::Status revoked = Edit(options, [&options](const std::string& text) {
    return keys::RevokeKey(text, options.name, absl::Now());
  });
  return revoked.ok() ? kExitOk : session.Fail(revoked);
}

std::string StateOf(const keys::Key& key) {
  if (key.revoked) return "revoked " + keys::TimeText(*key.revoked);
  if (!key.expires) return "valid";
  return (*key.expires <= absl::Now() ? "expired " : "valid until ") + keys::TimeText(*key.expires);
}

Json ToJson(const keys::Key& key) {
  Json json = {{"name", key.name},
               {"role", keys::Name(key.role)},
               {"collections", key.collections},
               {"state", StateOf(key)}};
  if (!key.certificate.empty()) json["certificate"] = key.certificate;
  if (key.requests_per_second > 0) json["requests_per_second"] = key.requests_per_second;
  if (key.documents_per_second > 0) json["documents_per_second"] = key.documents_per_second;
  return json;
}

int List(const Session& session, const KeyOptions& options) {
  const auto text =
      keys::ReadSmallFile(options.file, keys::kMaxKeyFileBytes, keys::Secrecy::kPrivate);
  if (!text.ok()) return session.Fail(text.status());
  const auto parsed = keys::ParseKeyFile(*text);
  if (!parsed.ok()) return session.Fail(OfFile(options, parsed.status()));
  const Output output = session.OutputOr(Output::kTable);
  Json list = Json::array();
  Table table({"key", "role", "state", "requests/s", "documents/s", "collections"});
  const auto rate = [](int64_t limit) { return limit == 0 ? "-" : std::to_string(limit); };
  for (const keys::Key& key : *parsed) {
    if (output == Output::kJsonl) session.out << Dump(ToJson(key)) << '\n';
    if (output == Output::kJson) list.push_back(ToJson(key));
    table.AddRow({key.name, std::string(keys::Name(key.role)), StateOf(key),
                  rate(key.requests_per_second), rate(key.documents_per_second),
                  absl::StrJoin(key.collections, ", ")});
  }
  if (output == Output::kTable) table.Print(session.out, session.out_columns);
  if (output == Output::kJson) session.out << Pretty({{"keys", std::move(list)}}) << '\n';
  return kExitOk;
}

CLI::Validator ExpiryValidator() {
  return CLI::Validator(
      [](const std::string& text) {
        return ParseExpiry(text).has_value()
                   ? std::string()
                   : "\"" + text + "\" is neither a time such as 2027-06-30T15:00:00Z nor a "
                                   "while such as 90d";
      },
      "TIME");
}

void AddNewOptions(CLI::App& verb, KeyOptions& options) {
  verb.add_option("name", options.name, "What the key is called")->required();
  verb.add_option("--role", options.role, "What it may do")
      ->required()
      ->check(CLI::IsMember(
          std::vector<std::string>(keys::kRoleNames.begin(), keys::kRoleNames.end())));
  verb.add_option("--collections", options.collections,
                  "Collections it is for, with * and ? for any characters; '*' is all of them")
      ->required()
      ->delimiter(',');
  verb.add_option("--certificate", options.certificate,
                  "No key is made: who shows this name in a certificate (mTLS) needs none");
  verb.add_option("--requests-per-second", options.requests, "Most requests (default: no limit)")
      ->check(CLI::Range(int64_t{1}, keys::kMaxRate));
  verb.add_option("--documents-per-second", options.documents,
                  "Most documents (default: no limit)")
      ->check(CLI::Range(int64_t{1}, keys::kMaxRate));
  verb.add_option("--expires", options.expires,
                  "When it is no longer taken: a time, or a while such as 90d (default: never)")
      ->check(ExpiryValidator());
}

}  // namespace

void AddKeys(CLI::App& app, Verb* chosen) {
  CLI::App* keys =
      app.add_subcommand("keys", "The file of API keys that a server reads; no server is asked");
  keys->require_subcommand(1);
  auto options = std::make_shared<KeyOptions>();
  const auto add = [&](const char* name, const char* about,
                       int (*run)(const Session&, const KeyOptions&)) {
    CLI::App* verb = keys->add_subcommand(name, about);
    verb->add_option("--file", options->file, "The file (wonbond --api-keys-file)")
        ->envname("WONBON_API_KEYS_FILE")
        ->required();
    verb->callback([chosen, options, run] {
      *chosen = [options, run](const Session& session) { return run(session, *options); };
    });
    return verb;
  };
  AddNewOptions(*add("new", "Adds a key and prints it, once", New), *options);
  add("list", "Keys and what they may", List);
  add("revoke", "Ends a key; its entry stays", Revoke)
      ->add_option("name", options->name, "What the key is called")
      ->required();
}

}  // namespace wonbon::client
