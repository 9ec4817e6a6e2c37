// Every limit of the client library and of the command, with its name. Past a limit there is an
// error, a line in the rejects file or a value cut to it with a word about that, never silence.
#pragma once

#include <cstddef>

#include "absl/time/time.h"

namespace wonbon::client {

// Messages, each way. Past it: RESOURCE_EXHAUSTED, from gRPC. The server takes 16 MiB as well, and
// keeps its answers far smaller.
inline constexpr int kMaxMessageBytes = 16 << 20;
inline constexpr int kMaxResponseBytes = 64 << 20;
// No single document may be larger than this in a message: INVALID_ARGUMENT, or a line in the
// rejects file. All documents of a batch together are not larger either: another is begun.
inline constexpr size_t kMaxDocumentBytes = 15 << 20;
// Options of a BatchWriter and of a client: larger ones are taken as these; the command refuses
// them. Documents of a batch.
inline constexpr int kMaxBatchDocuments = 1'000;
// Batches that a BatchWriter sends at once.
inline constexpr int kMaxBatchesInFlight = 64;
// Connections of one client.
inline constexpr int kMaxConnections = 64;
// Requests that `wonbon compare --pairs` has open at once; the command refuses more.
inline constexpr int kMaxComparesAtOnce = 256;

// What `wonbon top` reads of an admin endpoint's metrics: a longer answer is as good as none.
inline constexpr size_t kMaxMetricsBytes = 16 << 20;
// Documents and urls that `wonbon report` keeps in mind: it ends there, and says so.
inline constexpr size_t kMaxReportDocuments = 1'000'000;

// The file of --api-key-file: a longer one is refused.
inline constexpr size_t kMaxApiKeyFileBytes = 4 << 10;

// Signs of life. An idle connection with a call on it is asked for one this often, and given up if
// none comes in time: a stopped process or a cut line is noticed.
inline constexpr absl::Duration kKeepaliveTime = absl::Seconds(20);
inline constexpr absl::Duration kKeepaliveTimeout = absl::Seconds(10);
// A watch that hears nothing for this long is begun anew; the server says something every 15 s.
inline constexpr absl::Duration kMaxWatchSilence = absl::Seconds(45);

// Article lines: the limits of document.proto. On labels, so that a line is turned away with a
// reason before it costs a call; those on the other fields the server keeps, and a dry run.
inline constexpr size_t kMaxIdBytes = 256;
inline constexpr size_t kMaxTitleBytes = 4 << 10;
inline constexpr size_t kMaxPublisherBytes = 256;
inline constexpr size_t kMaxUrlBytes = 4 << 10;
inline constexpr size_t kMaxBylineBytes = 1 << 10;
inline constexpr size_t kMaxSectionBytes = 256;
// Of a server that was not told otherwise.
inline constexpr size_t kDefaultBodyBytes = 256 << 10;
inline constexpr int kMaxLabels = 64;
inline constexpr size_t kMaxLabelKeyBytes = 128;
inline constexpr size_t kMaxLabelValueBytes = 4 << 10;
// Keys that are no field which an import counts by name, and of those that no label has room for;
// the others count together.
inline constexpr size_t kMaxNamedKeys = 32;
// A longer line is reported as too long; what is behind it is read on.
inline constexpr size_t kMaxLineBytes = 32 << 20;
// A raw line longer than this is cut in the rejects file.
inline constexpr size_t kMaxRejectedLineBytes = 1 << 20;
// zstd frames may ask for a window of up to 2^30 bytes (zstd --long=30); memory is taken only as a
// frame asks for it. A frame that asks for more is DATA_LOSS.
inline constexpr int kMaxZstdWindowLog = 30;

}  // namespace wonbon::client
