// Query parameters that say where a reader came from, not what is read. One table.
//
// Pure functions, thread-safe.
#pragma once

#include <string_view>

namespace wonbon {

// `name`: of a query parameter, in any case.
bool IsTrackingParameter(std::string_view name);

}  // namespace wonbon
