// The dashboard: files of server/dashboard, which are part of the program, below /dashboard/.
#pragma once

#include "server/http/routes.h"

namespace wonbon::server {

// Adds a route for each, and a redirection from "/".
void AddDashboard(HttpRoutes& routes);

}  // namespace wonbon::server
