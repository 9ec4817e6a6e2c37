// wonbon's own numbers for /metrics.
#pragma once

#include <vector>

#include "server/admin/metrics.h"
#include "server/backend.h"

namespace wonbon::server {

std::vector<Reading> ReadNumbers(const Backend& backend);

}  // namespace wonbon::server
