// What the process asks of the system, at its start and once its data folder is open.
#pragma once

#include <cstddef>
#include <string>

#include "absl/status/status.h"

namespace wonbon::server {

// Memory holds the seed, the TLS key and articles: no core dump is written of it, however the
// system collects them, and no process of the same user may attach to this one (root may: gdb and
// perf work as root). What the process writes is for its user alone.
void KeepToItself();

// As many file descriptors as the system allows. Returns how many.
size_t RaiseDescriptorLimit();

// How many of so many descriptors gRPC's connections may take: kMaxConnections, or half of them,
// so that the store and the admin endpoint have theirs.
size_t MostConnections(size_t descriptors);

// Takes every right to the data folder away from group and others, and says so. Call it only once
// the folder is known to be wonbon's. FAILED_PRECONDITION where the rights cannot be taken.
absl::Status MakePrivate(const std::string& data_dir);

}  // namespace wonbon::server
