// wonbon collections: tenants and their settings.
#include "client/command/json.h"
#include "client/command/table.h"
#include "client/command/verbs.h"

namespace wonbon::client {
namespace {

struct CollectionOptions {
  std::string name;
  std::vector<std::string> preferred;
  std::vector<std::string> wire;
  std::string retention;
  bool no_preferred = false;
  bool no_wire = false;
  bool force = false;
};

absl::Duration RetentionOf(const std::string& text) {
  // Days are what a retention is counted in.
  if (text.ends_with('d'))
    return 24 * ParseDuration(text.substr(0, text.size() - 1) + "h").value_or(absl::ZeroDuration());
  return ParseDuration(text).value_or(absl::ZeroDuration());
}

v1::CollectionSettings SettingsOf(const CollectionOptions& options) {
  v1::CollectionSettings settings;
  for (const std::string& name : options.preferred) settings.add_preferred_publishers(name);
  for (const std::string& name : options.wire) settings.add_wire_publishers(name);
  if (!options.retention.empty()) {
    settings.mutable_retention()->set_seconds(absl::ToInt64Seconds(RetentionOf(options.retention)));
  }
  return settings;
}

void Print(const Session& session, const std::vector<v1::Collection>& collections) {
  const Output output = session.OutputOr(Output::kTable);
  Json list = Json::array();
  Table table({"collection", "documents", "clusters", "retention", "preferred publishers"});
  for (const v1::Collection& collection : collections) {
    if (output == Output::kJsonl) session.out << Dump(ToJson(collection)) << '\n';
    if (output == Output::kJson) list.push_back(ToJson(collection));
    const auto& settings = collection.settings();
    std::string preferred;
    for (const std::string& name : settings.preferred_publishers()) {
      preferred += (preferred.empty() ? "" : ", ") + name;
    }
    const int64_t seconds = settings.retention().seconds();
    table.AddRow({collection.name(), std::to_string(collection.documents()),
                  std::to_string(collection.clusters()),
                  seconds == 0 ? "forever" : absl::FormatDuration(absl::Seconds(seconds)),
                  preferred});
  }
  if (output == Output::kTable) table.Print(session.out, session.out_columns);
  if (output == Output::kJson) session.out << Pretty({{"collections", std::move(list)}}) << '\n';
}

int List(const Session& session, const Client& client) {
  std::vector<v1::Collection> collections;
  v1::ListCollectionsRequest request;
  do {
    const auto page = client.ListCollections(request);
    if (!page.ok()) return session.Fail(page.status());
    collections.insert(collections.end(), page->collections().begin(), page->collections().end());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  Print(session, collections);
  return kExitOk;
}

// Create, Get and Update answer a collection; they differ in what they take.
template <typename Request, typename Method>
int Ask(const Session& session, const Client& client, const Request& request, Method method) {
  const auto response = (client.*method)(request, nullptr);
  if (!response.ok()) return session.Fail(response.status());
  Print(session, {response->collection()});
  return kExitOk;
}

int Create(const Session& session, const Client& client, const CollectionOptions& options) {
  v1::CreateCollectionRequest request;
  request.set_name(options.name);
  *request.mutable_settings() = SettingsOf(options);
  return Ask(session, client, request, &Client::CreateCollection);
}

int Get(const Session& session, const Client& client, const CollectionOptions& options) {
  v1::GetCollectionRequest request;
  request.set_name(options.name);
  return Ask(session, client, request, &Client::GetCollection);
}

int Update(const Session& session, const Client& client, const CollectionOptions& options) {
  v1::UpdateCollectionRequest request;
  request.set_name(options.name);
  *request.mutable_settings() = SettingsOf(options);
  google::protobuf::FieldMask& mask = *request.mutable_update_mask();
  if (!options.preferred.empty() || options.no_preferred) mask.add_paths("preferred_publishers");
  if (!options.wire.empty() || options.no_wire) mask.add_paths("wire_publishers");
  if (!options.retention.empty()) mask.add_paths("retention");
  return Ask(session, client, request, &Client::UpdateCollection);
}

int Delete(const Session& session, const Client& client, const CollectionOptions& options) {
  v1::DeleteCollectionRequest request;
  request.set_name(options.name);
  request.set_force(options.force);
  const auto response = client.DeleteCollection(request);
  if (!response.ok()) return session.Fail(response.status());
  if (session.OutputOr(Output::kTable) == Output::kTable) {
    session.out << Printable(options.name) << " deleted with " << response->deleted_documents()
                << " documents\n";
  } else {
    session.out << Dump(ToJson(*response)) << '\n';
  }
  return kExitOk;
}

void AddSettings(CLI::App* verb, CollectionOptions* options) {
  verb->add_option("--prefer", options->preferred,
                   "Publisher whose copy stands for a cluster first; may be repeated")
      ->expected(1)
      ->take_all();
  verb->add_option("--wire", options->wire, "News agency; may be repeated")
      ->expected(1)
      ->take_all();
  verb->add_option("--retention", options->retention,
                   "Forget documents this long after they were published, such as 30d or 72h")
      ->check([](const std::string& text) {
        return RetentionOf(text) > absl::ZeroDuration() || text == "0"
                   ? std::string()
                   : "\"" + text + "\" is not a duration such as 30d or 72h";
      });
}

}  // namespace

void AddCollections(CLI::App& app, Verb* chosen) {
  auto options = std::make_shared<CollectionOptions>();
  CLI::App* verb = app.add_subcommand("collections", "Tenants with documents of their own");
  verb->require_subcommand(1);
  using Action = int (*)(const Session&, const Client&, const CollectionOptions&);
  const auto add = [&](const char* name, const char* about, Action action) {
    CLI::App* sub = verb->add_subcommand(name, about);
    sub->callback([chosen, options, action] {
      *chosen = [options, action](const Session& session) {
        const auto client = session.Connect();
        return client.ok() ? action(session, **client, *options) : session.Fail(client.status());
      };
    });
    return sub;
  };
  const auto named = [&](CLI::App* sub) {
    sub->add_option("NAME", options->name, "Name: a-z, 0-9, '-' and '_'")->required();
    return sub;
  };
  add("list", "All collections",
      [](const Session& session, const Client& client, const CollectionOptions&) {
        return List(session, client);
      });
  AddSettings(named(add("create", "Make one", Create)), options.get());
  named(add("get", "Show one", Get));
  CLI::App* update =
      named(add("update", "Change settings of one: what is not given stays as it is", Update));
  AddSettings(update, options.get());
  update->add_flag("--no-prefer", options->no_preferred, "Prefer no publisher from now on")
      ->excludes("--prefer");
  update->add_flag("--no-wire", options->no_wire, "No publisher is a news agency from now on")
      ->excludes("--wire");
  named(add("delete", "Delete one", Delete))
      ->add_flag("--force", options->force, "Also if it still has documents");
}

}  // namespace wonbon::client
