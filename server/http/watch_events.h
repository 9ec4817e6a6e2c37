// WatchClusters over HTTP, as server-sent events:
//
//   id: 4711
//   data: {"events":[…],"sequence":"4711","storeId":"…"}
//
// The first comes at once and says where the watch began. A sign of life is an id without data,
// which a browser remembers and does not report. The end of a watch is an event "end" with the
// error in data; whoever resumes sends the last id as Last-Event-ID.
#pragma once

#include "server/http/http_server.h"
#include "server/http/in_process.h"
#include "server/http/message.h"

namespace wonbon::server {

// Answers with INVALID_ARGUMENT for a query that is none: it has `collection` and `after` (see
// WatchClustersRequest), which Last-Event-ID goes before. `calls` outlives the watch.
void WatchOverHttp(InProcess& calls, const HttpRequest& request, const HttpExchange& exchange);

}  // namespace wonbon::server
