// How far an interrupted import had come, kept on the client's disk so that the next run goes on
// from there.
//
// The record may only ever be too cautious: submitting a line again is harmless (UNCHANGED),
// leaving one out is not. So it counts only against the very store that acknowledged the lines, and
// only if that store still has them: same store_id, sequence no smaller, durability "sync", and the
// very collection.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "absl/status/statusor.h"
#include "client/import/ack_tracker.h"

namespace wonbon::client {

// Which import it is. Another size or time of the file, or another way of reading it, is another
// import.
struct ImportKey {
  std::string path;  // absolute
  uint64_t size = 0;
  int64_t modified_ns = 0;
  std::string collection;
  std::string endpoint;
  std::string reading;  // how its lines are read: encoding, zone, names of keys

  friend bool operator==(const ImportKey&, const ImportKey&) = default;
};

struct ProgressRecord {
  ImportKey key;
  // Every line before this place was acknowledged or turned away.
  LinePosition settled;
  // The store that did so, the greatest sequence in its answers, and when the collection was made.
  std::string store_id;
  uint64_t sequence = 0;
  std::string collection_created;
};

// What a server says of its store (AdminService.GetStats) and of the collection (GetCollection).
struct StoreState {
  std::string store_id;
  uint64_t sequence = 0;
  bool durable = false;
  std::string collection_created;  // RFC 3339: one that was deleted and made anew is another
};

// Whether the lines before record.settled need not be sent to this store again.
bool IsUsable(const ProgressRecord& record, const StoreState& store);

// INVALID_ARGUMENT: not a regular file, so that an import of it cannot go on later.
absl::StatusOr<ImportKey> MakeImportKey(const std::string& file, const std::string& collection,
                                        const std::string& endpoint, const std::string& reading);

// ${XDG_STATE_HOME:-~/.local/state}/wonbon. Empty where neither is known.
std::filesystem::path StateFolder();

// The records in one folder, a file each. Not thread-safe.
class ProgressStore {
 public:
  explicit ProgressStore(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // NOT_FOUND: none, or one that cannot be read (it is then as good as none).
  absl::StatusOr<ProgressRecord> Load(const ImportKey& key) const;
  // Replaces it at once: a crash leaves the old record or the new one.
  absl::Status Save(const ProgressRecord& record) const;
  void Remove(const ImportKey& key) const;

 private:
  std::filesystem::path FileOf(const ImportKey& key) const;

  const std::filesystem::path folder_;
};

}  // namespace wonbon::client
