// Every limit of the server, with its name; those of the engine are in core/limits.h. Past a limit
// there is an error, never silence.
#pragma once

#include <cstddef>

#include "absl/time/time.h"
#include "core/engine.h"

namespace wonbon::server {

// One message, in either direction. gRPC answers RESOURCE_EXHAUSTED for a larger request.
inline constexpr size_t kMaxMessageBytes = 16 << 20;
// Room for what a message carries besides bodies, where bodies are counted against it.
inline constexpr size_t kMessageSlackBytes = 1 << 20;
// Serialized requests being worked on, of all calls together. Past it: RESOURCE_EXHAUSTED.
inline constexpr size_t kMaxBytesInFlight = 256 << 20;
// What gRPC may hold in buffers of its own, before requests are whole and after they are answered.
inline constexpr size_t kTransportBufferBytes = 512 << 20;
// Calls that one connection may have open.
inline constexpr int kMaxConcurrentCallsPerConnection = 1'024;

// Fields of one message on the wire, elements of lists aside; more are refused before they are
// parsed. A document within the limits of the contract has at most 9 fields and kMaxLabels labels.
inline constexpr size_t kMaxFieldsPerMessage = 256;
// Documents of a batch that are prepared by one worker at a time.
inline constexpr size_t kPrepareChunk = 8;

// Open SubmitStream and WatchClusters calls. Past it: RESOURCE_EXHAUSTED.
inline constexpr size_t kMaxOpenStreams = 1'024;
// Requests of one SubmitStream being worked on or waiting to be written; no more are read until the
// client has taken the answer to the first.
inline constexpr size_t kMaxInFlightPerStream = 4;

// Events that one WatchClusters response carries, unless a single change has more.
inline constexpr size_t kMaxEventsPerResponse = 500;
// An idle watch hears a sign of life this often.
inline constexpr absl::Duration kWatchHeartbeat = absl::Seconds(15);
// Watches are woken at most this often, however fast commits come.
inline constexpr absl::Duration kWatchPause = absl::Milliseconds(10);

// A list page ends early here, so that it fits the 4 MiB that most clients accept.
inline constexpr size_t kMaxPageBytes = Engine::kMaxPageBytes;
// Clusters and documents read from the engine at a time while a page is filled.
inline constexpr int kClustersPerRead = 64;
inline constexpr int kDocumentsPerRead = 16;

// The error message of a status; the rest is cut. Trailers are limited to 8 KiB by most clients.
inline constexpr size_t kMaxErrorMessageBytes = 1'024;
// What RetryInfo advises.
inline constexpr absl::Duration kRetryDelay = absl::Milliseconds(200);

// The admin endpoint.
inline constexpr size_t kMaxAdminHeaderBytes = 8 << 10;
inline constexpr size_t kMaxAdminBodyBytes = 1 << 10;
inline constexpr size_t kMaxAdminConnections = 64;
inline constexpr absl::Duration kAdminTimeout = absl::Seconds(10);

inline constexpr absl::Duration kExpiryInterval = absl::Minutes(1);
inline constexpr int kCertificateReloadSeconds = 2;

}  // namespace wonbon::server
