// RocksDB's log, read without RocksDB: which batches of ours are whole, and where the file is
// damaged. RocksDB itself takes some damage for the end of the log, and refuses some ends that a
// power cut leaves; what is lost is judged here, before it touches the files.
//
// The log is a file "000012.log" of blocks of 32 KiB. A record is cut into fragments, none of which
// crosses a block; fewer than 7 bytes at the end of a block are zero.
// A record begins with RocksDB's sequence u64 of the batch.
//   fragment:  0  checksum u32: CRC-32C of type and payload, rotated right by 15 bits, plus
//                 0xa282ead8
//              4  size of the payload u16     6  type u8: 1 whole, 2 first, 3 middle, 4 last
//              7  payload
// A record is one rocksdb::WriteBatch, and the first thing in ours is a LogMark.
//
// Pure functions of files; thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/record.h"

namespace wonbon {

// What a batch says of itself and of the one before it, in the log alone: batches chain, so that a
// hole between two of them shows.
//    0  version u8, 1    1  store u64    9  previous u64    17  last u64    25  previous_log u64
//   33  ordinal u64
struct LogMark {
  uint64_t store = 0;         // StoreTag of the store that wrote it
  Sequence previous = 0;      // the store's last sequence before the batch
  Sequence last = 0;          // and after it
  uint64_t previous_log = 0;  // number of the log with the batch before; 0: the store was opened
                              // in between, and tables hold all that came before
  // Of the batches that succeeded since then, from 1: the number of one that failed is given again.
  // Tells of a hole also where what is missing was no change, such as a blob.
  uint64_t ordinal = 0;
};
void EncodeLogMark(const LogMark& mark, std::string* out);
// The first 8 bytes of a store id (32 hex digits).
uint64_t StoreTag(std::string_view store_id);

struct LogFile {
  uint64_t number = 0;
  std::string path;
  uint64_t bytes = 0;
};
// The logs of a database, oldest first; none where there is no folder. FAILED_PRECONDITION naming
// one that others put there: RocksDB would abort the process at its name (Debian's build has its
// assertions on).
absl::StatusOr<std::vector<LogFile>> ListLogs(const std::string& database_path);
uint64_t BytesOf(const std::vector<LogFile>& logs);

// Something found in a log: a whole batch, or the place where something else begins.
struct LogItem {
  uint64_t offset = 0;
  bool damaged = false;
  uint64_t sequence = 0;        // RocksDB's of the batch: ascending through all logs
  std::optional<LogMark> mark;  // none of a batch that an older wonbond wrote
};
// In the order of the file. Goes on behind damage with what is whole there. Errors: those of
// reading the file.
absl::Status ReadLog(const std::string& path, const std::function<void(const LogItem&)>& visit);

}  // namespace wonbon
