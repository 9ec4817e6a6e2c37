// Every limit of the server, with its name and with what happens past it; those of the engine are
// in core/limits.h.
#pragma once

#include <cstddef>
#include <cstdint>

#include "absl/time/time.h"
#include "core/limits.h"

namespace wonbon::server {

// One request. gRPC answers RESOURCE_EXHAUSTED for a larger one.
inline constexpr size_t kMaxMessageBytes = 16 << 20;
// The longest body that can be allowed (--max-body-bytes): a document with all its fields fits an
// answer. The server does not start with more.
inline constexpr size_t kMaxBodyBytesSetting = 3 << 20;
// What a decision has besides the canonical copy's body, at most: with it, how many documents of a
// batch fit one answer with their bodies (kMaxPageBytes). For more: INVALID_ARGUMENT.
inline constexpr size_t kMaxDecisionBytes = 16 << 10;
// The decisions of one batch, bodies aside, so that its answer stays below the 4 MiB that clients
// accept. Those behind it are told without their evidence: flag SHORTENED_ANSWER.
inline constexpr size_t kMaxBatchDecisionBytes = 3 << 20;
// Serialized requests being worked on and answers of streams that wait to be taken, of all calls
// together, and of the calls of one connection. Past it: RESOURCE_EXHAUSTED.
inline constexpr size_t kMaxBytesInFlight = 256 << 20;
inline constexpr size_t kMaxBytesPerConnection = 64 << 20;
// How often at most it is looked how much memory the process takes (--memory-limit).
inline constexpr absl::Duration kMemoryReadInterval = absl::Milliseconds(100);
// Bytes of messages that are not whole, of all connections together: gRPC keeps them for as long as
// their clients like. Past it the connection that has most of them is closed, and so on.
inline constexpr uint64_t kMaxUnfinishedBytes = 512 << 20;
// That is looked for this often.
inline constexpr absl::Duration kUnfinishedLook = absl::Milliseconds(50);
// What a connection sends besides messages, such as pings and calls that its client gave up, is
// taken for such bytes; so many of them are forgiven at each look.
inline constexpr uint64_t kForgivenBytes = 256;
// What gRPC may hold in buffers of its own, before requests are whole and after they are answered.
// Past it, it ends calls of whoever comes next.
inline constexpr size_t kTransportBufferBytes = 1 << 30;
// Calls that one connection may have open; clients hold further ones back, as HTTP/2 tells them.
inline constexpr int kMaxConcurrentCallsPerConnection = 1'024;

// Fields of one message on the wire, elements of lists aside; more are refused before they are
// parsed. A document within the limits of the contract has at most 9 fields and kMaxLabels labels.
inline constexpr size_t kMaxFieldsPerMessage = 256;
// Timestamps of the years 1 to 9999, in seconds since 1970. Past them: INVALID_ARGUMENT naming the
// field.
inline constexpr int64_t kMinTimestampSeconds = -62'135'596'800;
inline constexpr int64_t kMaxTimestampSeconds = 253'402'300'799;
// What google.protobuf.Duration can hold: about 10,000 years. Past it: INVALID_ARGUMENT.
inline constexpr int64_t kMaxDurationSeconds = 315'576'000'000;
// A longer page token is none of ours: INVALID_ARGUMENT.
inline constexpr size_t kMaxPageTokenBytes = 1'024;

// A request that would wait longer for a worker is refused at once: RESOURCE_EXHAUSTED. Batches,
// whose clients count in seconds, may wait longer than what somebody looks at.
inline constexpr absl::Duration kMaxQueueDelay = absl::Milliseconds(150);
inline constexpr absl::Duration kMaxBulkQueueDelay = absl::Seconds(10);
// One connection has at most one in so many of the places in the queue (--max-queued-requests).
inline constexpr size_t kQueueShares = 2;
// Documents of a batch that are prepared by one worker at a time; a chunk also ends with the
// document that makes it this long, so that nobody waits for more.
inline constexpr size_t kPrepareChunk = 8;
inline constexpr size_t kPrepareChunkBytes = 48 << 10;

// Open SubmitStream and WatchClusters calls, of all connections and of one. Past it:
// RESOURCE_EXHAUSTED.
inline constexpr size_t kMaxOpenStreams = 1'024;
inline constexpr size_t kMaxStreamsPerConnection = 256;
// Streams whose client does nothing are looked for this often.
inline constexpr absl::Duration kStreamTick = absl::Seconds(1);
// Requests of one SubmitStream being worked on or waiting to be written; no more are read until the
// client has taken the answer to the first.
inline constexpr size_t kMaxInFlightPerStream = 64;

// Events that one WatchClusters response carries, unless a single change has more.
inline constexpr size_t kMaxEventsPerResponse = 500;
// An idle watch hears a sign of life this often.
inline constexpr absl::Duration kWatchHeartbeat = absl::Seconds(10);
// Collections whose newest event is remembered for watches. Past it all are forgotten, and every
// watch looks once in vain.
inline constexpr size_t kMaxWatchedCollections = 2 * kMaxCollections;
// Heartbeats that are due are looked for this often.
inline constexpr absl::Duration kWatchTick = absl::Seconds(1);
// Watches are woken at most this often, however fast commits come.
inline constexpr absl::Duration kWatchPause = absl::Milliseconds(10);

// Clusters or documents that a filter looks at for one page; then the page ends, however empty.
inline constexpr size_t kMaxScannedPerPage = 65'536;
// The same of headlines that are searched for words: each is read from the store.
inline constexpr size_t kMaxHeadlinesPerPage = 8'192;
// Clusters and documents read from the engine at a time while a page is filled.
inline constexpr int kClustersPerRead = 64;
inline constexpr int kDocumentsPerRead = 16;

// The error message of a status; the rest is cut. Trailers are limited to 8 KiB by most clients.
inline constexpr size_t kMaxErrorMessageBytes = 1'024;
// What RetryInfo advises; the second where the disk is full or failing: that does not pass as soon.
inline constexpr absl::Duration kRetryDelay = absl::Milliseconds(200);
inline constexpr absl::Duration kDiskRetryDelay = absl::Seconds(5);

// Connections taken from one listening socket before others of the loop's callbacks have their
// turn.
inline constexpr int kMaxAcceptsAtOnce = 64;
// Where accepting fails (out of file descriptors), it is tried again after this.
inline constexpr absl::Duration kAcceptPause = absl::Milliseconds(100);

// Connections of gRPC's, or half of the file descriptors that the process may have, if that is
// less. Past it further ones are closed at once, and those silent for so long are to make room.
inline constexpr size_t kMaxConnections = 4'096;
inline constexpr absl::Duration kSilenceWhenFull = absl::Seconds(15);
inline constexpr absl::Duration kLookWhenFull = absl::Milliseconds(100);
// Those that gRPC closed are counted out this often.
inline constexpr absl::Duration kConnectionSweep = absl::Seconds(1);
// A connection that has not shaken hands (TLS) and sent its first frame by then is closed.
inline constexpr absl::Duration kHandshakeTimeout = absl::Seconds(10);
// A connection without a call for so long is closed; clients open another with their next call.
inline constexpr absl::Duration kMaxConnectionIdle = absl::Minutes(30);

// The server asks its own port this often, and is not ready where that does not answer in time.
inline constexpr absl::Duration kPortProbeInterval = absl::Seconds(5);
inline constexpr absl::Duration kPortProbeTimeout = absl::Seconds(5);

// Clients may ping this often, idle or not; a connection that pings faster is closed after so many
// pings. A client that says nothing is pinged after kKeepaliveInterval, and dropped where it does
// not answer within kKeepaliveTimeout.
inline constexpr absl::Duration kMinClientPingInterval = absl::Seconds(5);
inline constexpr int kMaxPingStrikes = 5;
inline constexpr absl::Duration kKeepaliveInterval = absl::Seconds(30);
inline constexpr absl::Duration kKeepaliveTimeout = absl::Seconds(15);

// A drain looks this often whether the last call is done.
inline constexpr absl::Duration kDrainPoll = absl::Milliseconds(2);
// The end of a drain: how long the last answers may take to leave, then how long connections may
// take to close.
inline constexpr absl::Duration kLastAnswers = absl::Milliseconds(50);
inline constexpr absl::Duration kHangUp = absl::Milliseconds(50);

// HTTP, on the admin endpoint and on --http-listen: the head of a request, past it 431; parameters
// of its query, past it 400. A body may have kMaxMessageBytes, past it 413.
inline constexpr size_t kMaxHttpHeaderBytes = 16 << 10;
inline constexpr size_t kMaxHttpQueryParameters = 32;
// What is read from a connection at a time.
inline constexpr size_t kHttpReadBytes = 64 << 10;
// Bodies that are not whole and answers that were not taken, of all connections of a port together.
// Past it the connection that has most of them is closed, and so on.
inline constexpr size_t kMaxHttpBytes = 256 << 20;
// Connections; of --http-listen at most half as many as gRPC may have. Past them the oldest that
// waits for a request is closed, or the oldest of all.
inline constexpr size_t kMaxAdminConnections = 64;
inline constexpr size_t kMaxHttpConnections = 1'024;
// A connection is closed where the head of a request is not whole so long after the one before, or
// its body after its head, or where an answer was not taken; looked for every kHttpTick.
inline constexpr absl::Duration kHttpHeadTimeout = absl::Seconds(30);
inline constexpr absl::Duration kHttpBodyTimeout = absl::Seconds(60);
inline constexpr absl::Duration kHttpAnswerTimeout = absl::Seconds(60);
inline constexpr absl::Duration kHttpTick = absl::Seconds(1);
// What a client still sends behind a last answer is read for so long: closing at once would take
// the answer back.
inline constexpr absl::Duration kHttpLinger = absl::Seconds(2);
// Values in the JSON of a request: 1,000 documents of the contract have fewer. protobuf takes
// seconds for millions. More: INVALID_ARGUMENT.
inline constexpr size_t kMaxJsonValues = 100'000;
// A longer Connect-Timeout-Ms is INVALID_ARGUMENT.
inline constexpr absl::Duration kMaxHttpCallTimeout = absl::Hours(1);

// Slow calls (--slow-call) that ListSlowCalls has: the newest.
inline constexpr size_t kMaxSlowCalls = 256;

// Lines of the log in a second about what may come often (LineLimit): of slow calls, of refused
// calls, of deletions. The next line says how many had none.
inline constexpr int kMaxSampledLines = 10;

// While the index is loaded, the log says this often how far it is.
inline constexpr absl::Duration kProgressInterval = absl::Seconds(2);
inline constexpr absl::Duration kExpiryInterval = absl::Minutes(1);
// A larger request stands in the audit log with its size alone.
inline constexpr size_t kMaxAuditedRequestBytes = 16 << 10;
// Files of keys and certificates are looked at this often.
inline constexpr absl::Duration kFilePollInterval = absl::Seconds(1);
// A larger TLS file is refused.
inline constexpr size_t kMaxTlsFileBytes = 1 << 20;
// A backup that was due and failed is tried again after this, or after --backup-every.
inline constexpr absl::Duration kBackupRetryDelay = absl::Minutes(5);
inline constexpr absl::Duration kBackupLook = absl::Seconds(1);
// So much more than --disk-reserve must be free before writes are taken again.
inline constexpr uint64_t kDiskReserveSlack = 16 << 20;
// While writes are refused, the disk is looked at this often.
inline constexpr absl::Duration kResumeInterval = absl::Seconds(1);

}  // namespace wonbon::server
