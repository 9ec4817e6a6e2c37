// wonbon's own numbers for /metrics.
#pragma once

#include <vector>

#include "server/access/access.h"
#include "server/access/audit_log.h"
#include "server/admin/metrics.h"
#include "server/backend.h"
#include "server/certificates.h"
#include "server/connections.h"

namespace wonbon::server {

std::vector<Reading> ReadNumbers(const Backend& backend);
// Of the process, under the names that every exporter has for them; and which release it is.
std::vector<Reading> ReadProcess(absl::Time started_at);
// `certificates`: null without TLS.
std::vector<Reading> ReadTransport(const Connections& connections,
                                   const Certificates* certificates);
std::vector<Reading> ReadAccess(const Access& access, const AuditLog& audit);

}  // namespace wonbon::server
