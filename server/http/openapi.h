// The contract as an OpenAPI 3.1 page, for who calls it over HTTP: made from the .proto files, with
// their comments as descriptions.
#pragma once

#include "server/http/routes.h"

namespace wonbon::server {

// Adds GET /openapi.json.
void AddOpenApi(HttpRoutes& routes);

}  // namespace wonbon::server
