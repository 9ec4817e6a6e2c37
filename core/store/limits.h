// Limits of the store. None turns a document away; events kept are counted in core/limits.h.
#pragma once

#include <cstddef>
#include <cstdint>

namespace wonbon {

// A longer body is stored as it is. A damaged frame cannot make UnpackBody reserve more than this:
// it is DATA_LOSS.
inline constexpr size_t kMaxCompressedBodyBytes = 16 << 20;
// A longer FORMAT is not ours: FAILED_PRECONDITION.
inline constexpr size_t kMaxFormatBytes = 4096;
// Memory of a batch kept for the next one; that of a larger batch is given back.
inline constexpr size_t kMaxKeptBatchBytes = 8 << 20;
// RocksDB's log. Past it the tables that hold the oldest of it are flushed: in the log all tables
// lie together, so that it can go only when each has been.
inline constexpr uint64_t kMaxLogBytes = 256 << 20;

// With asynchronous durability, how far ahead sequences are set aside with one fsync. After a power
// cut numbering goes on behind them.
inline constexpr uint64_t kSequencesReserved = 1 << 20;
// What RocksDB warns of: a longer line is cut.
inline constexpr size_t kMaxWarningBytes = 1'000;
// Kept free for the day the disk is full: see reserve.h.
inline constexpr int64_t kReserveBytes = 4 << 20;
// Room that must be there, beside what is to be written out of memory, before writes are taken (a
// new log, a new list of files).
inline constexpr uint64_t kRoomToWriteBytes = 8 << 20;

// Faults that are named of one backup; the others are counted.
inline constexpr uint64_t kMaxBackupDamage = 100;
// A longer BACKUP is not ours: FAILED_PRECONDITION. A line takes some 50 bytes a file.
inline constexpr size_t kMaxManifestBytes = 16 << 20;

}  // namespace wonbon
