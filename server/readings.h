// wonbon's own numbers for /metrics.
#pragma once

#include <vector>

#include "server/backend.h"
#include "server/metrics.h"

namespace wonbon::server {

std::vector<Reading> ReadNumbers(const Backend& backend);

}  // namespace wonbon::server
