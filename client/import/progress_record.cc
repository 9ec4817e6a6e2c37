#include "client/import/progress_record.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

namespace wonbon::client {
namespace {

using Json = nlohmann::ordered_json;

// A record of another version is not read: the import then starts from the beginning.
constexpr int kVersion = 2;

// FNV-1a. The record itself holds the whole key; this only names its file.
uint64_t Hash(const std::string& text) {
  uint64_t hash = 14695981039346656037ull;
  for (const unsigned char c : text) hash = (hash ^ c) * 1099511628211ull;
  return hash;
}

template <typename T>
T Value(const Json& json, const char* name) {
  const auto it = json.find(name);
  return it == json.end() ? T() : it->get<T>();
}

}  // namespace

bool IsUsable(const ProgressRecord& record, const StoreState& store) {
  return store.durable && !store.store_id.empty() && store.store_id == record.store_id &&
         store.sequence >= record.sequence &&
         store.collection_created == record.collection_created;
}

absl::StatusOr<ImportKey> MakeImportKey(const std::string& file, const std::string& collection,
                                        const std::string& endpoint, const std::string& reading) {
  struct stat info {};
  if (file == "-" || ::stat(file.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) {
    return absl::InvalidArgumentError(file + " is not a regular file");
  }
  std::error_code error;
  const std::filesystem::path path = std::filesystem::canonical(file, error);
  return ImportKey{
      .path = error ? file : path.string(),
      .size = static_cast<uint64_t>(info.st_size),
      .modified_ns = int64_t{info.st_mtim.tv_sec} * 1'000'000'000 + info.st_mtim.tv_nsec,
      .collection = collection.empty() ? "default" : collection,
      .endpoint = endpoint,
      .reading = reading};
}

std::filesystem::path StateFolder() {
  if (const char* state = std::getenv("XDG_STATE_HOME"); state != nullptr && *state == '/') {
    return std::filesystem::path(state) / "wonbon";
  }
  if (const char* home = std::getenv("HOME"); home != nullptr && *home == '/') {
    return std::filesystem::path(home) / ".local/state/wonbon";
  }
  return {};
}

std::filesystem::path ProgressStore::FileOf(const ImportKey& key) const {
  const std::string text = key.path + '\0' + std::to_string(key.size) + '\0' +
                           std::to_string(key.modified_ns) + '\0' + key.collection + '\0' +
                           key.endpoint + '\0' + key.reading;
  char name[64];
  std::snprintf(name, sizeof name, "import-%016" PRIx64 ".json", Hash(text));
  return folder_ / name;
}

absl::StatusOr<ProgressRecord> ProgressStore::Load(const ImportKey& key) const {
  const absl::Status none = absl::NotFoundError("no record of an earlier run");
  if (folder_.empty()) return none;
  std::ifstream file(FileOf(key));
  if (!file) return none;
  // The library's own errors end here.
  try {
    const Json json = Json::parse(file);
    if (Value<int>(json, "version") != kVersion) return none;
    ProgressRecord record{.key = {.path = Value<std::string>(json, "path"),
                                  .size = Value<uint64_t>(json, "size"),
                                  .modified_ns = Value<int64_t>(json, "modified_ns"),
                                  .collection = Value<std::string>(json, "collection"),
                                  .endpoint = Value<std::string>(json, "endpoint"),
                                  .reading = Value<std::string>(json, "reading")},
                          .settled = {.offset = Value<uint64_t>(json, "offset"),
                                      .line = Value<uint64_t>(json, "line")},
                          .store_id = Value<std::string>(json, "store_id"),
                          .sequence = Value<uint64_t>(json, "sequence"),
                          .collection_created = Value<std::string>(json, "collection_created")};
    if (record.key != key) return none;
    return record;
  } catch (const Json::exception&) {
    return none;
  }
}

absl::Status ProgressStore::Save(const ProgressRecord& record) const {
  if (folder_.empty()) return absl::NotFoundError("neither XDG_STATE_HOME nor HOME is set");
  std::error_code error;
  std::filesystem::create_directories(folder_, error);
  const std::filesystem::path path = FileOf(record.key);
  const std::filesystem::path fresh =
      path.string() + "." + std::to_string(static_cast<long>(::getpid())) + ".tmp";
  const Json json = {{"version", kVersion},
                     {"path", record.key.path},
                     {"size", record.key.size},
                     {"modified_ns", record.key.modified_ns},
                     {"collection", record.key.collection},
                     {"endpoint", record.key.endpoint},
                     {"reading", record.key.reading},
                     {"offset", record.settled.offset},
                     {"line", record.settled.line},
                     {"store_id", record.store_id},
                     {"sequence", record.sequence},
                     {"collection_created", record.collection_created}};
  {
    std::ofstream file(fresh, std::ios::trunc);
    file << json.dump(2, ' ', false, Json::error_handler_t::replace) << "\n";
    if (!file.flush()) return absl::UnknownError("cannot write " + fresh.string());
  }
  std::filesystem::rename(fresh, path, error);
  if (error) return absl::UnknownError("cannot write " + path.string() + ": " + error.message());
  return absl::OkStatus();
}

void ProgressStore::Remove(const ImportKey& key) const {
  if (folder_.empty()) return;
  std::error_code ignored;
  std::filesystem::remove(FileOf(key), ignored);
}

}  // namespace wonbon::client
