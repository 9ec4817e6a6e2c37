// wonbond --verify, --salvage and --restore: what is done with a data folder while no server uses
// it. The first two print what they find, line by line. One at a time.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace wonbon::server {

// True where all of the folder is whole (core/store/verify.h).
absl::StatusOr<bool> Verify(const std::string& folder);

// Copies what is whole into a new folder (core/store/salvage.h), and opens that to prove that it is
// consistent. What is left out is printed, and no error.
absl::Status Salvage(const std::string& folder, const std::string& new_folder,
                     const std::string& seed_file);

// Makes a data folder of a backup (core/store/restore.h).
absl::Status Restore(const std::string& backup, const std::string& new_folder,
                     const std::string& seed_file);

}  // namespace wonbon::server
