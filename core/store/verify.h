// wonbond --verify: says what of a data folder is whole. Changes nothing in it.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "core/store/folder.h"
#include "core/store/format.h"
#include "core/store/tables.h"

namespace wonbon {

using PrintLine = std::function<void(const std::string& line)>;

// Reads every file of the folder, checksums and all, and prints what it found: the witness's word,
// the logs, every table, each damaged record and each document that is not whole, by its id. True
// where all is whole and the folder opens. Errors: what keeps it from looking (another process,
// FORMAT, a database that cannot be opened at all).
absl::StatusOr<bool> VerifyFolder(const std::string& dir, const PrintLine& print);

// A folder that is there already, locked, and what it was written with; never makes one.
struct ExistingFolder {
  DataFolder folder;
  StoreFormat format;
};
absl::StatusOr<ExistingFolder> OpenExisting(const std::string& dir);
// Its database, for reading: all that is whole.
absl::StatusOr<std::shared_ptr<const Tables>> OpenForSalvage(const DataFolder& folder,
                                                             const StoreFormat& format);

}  // namespace wonbon
