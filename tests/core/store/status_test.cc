// Every status of RocksDB has its own of ours.
#include "core/store/status.h"

#include <gtest/gtest.h>

#include <set>

namespace wonbon {
namespace {

using rocksdb::Status;

TEST(StatusTest, EveryCodeIsMapped) {
  const struct {
    Status status;
    absl::StatusCode code;
  } cases[] = {
      {Status::OK(), absl::StatusCode::kOk},
      {Status::NotFound(), absl::StatusCode::kNotFound},
      {Status::Corruption("000012.sst"), absl::StatusCode::kDataLoss},
      {Status::NotSupported(), absl::StatusCode::kUnimplemented},
      {Status::InvalidArgument(), absl::StatusCode::kInternal},
      {Status::IOError(), absl::StatusCode::kUnavailable},
      {Status::IOError(Status::kNoSpace), absl::StatusCode::kResourceExhausted},
      {Status::IOError(Status::kSpaceLimit), absl::StatusCode::kResourceExhausted},
      {Status::IOError(Status::kPathNotFound), absl::StatusCode::kDataLoss},
      {Status::IOError(Status::kStaleFile), absl::StatusCode::kUnavailable},
      {Status::MergeInProgress(), absl::StatusCode::kInternal},
      {Status::Incomplete(), absl::StatusCode::kUnavailable},
      {Status::ShutdownInProgress(), absl::StatusCode::kUnavailable},
      {Status::TimedOut(), absl::StatusCode::kDeadlineExceeded},
      {Status::Aborted(), absl::StatusCode::kAborted},
      {Status::Aborted(Status::kMemoryLimit), absl::StatusCode::kResourceExhausted},
      {Status::Busy(), absl::StatusCode::kUnavailable},
      {Status::Expired(), absl::StatusCode::kFailedPrecondition},
      {Status::TryAgain(), absl::StatusCode::kUnavailable},
      {Status::CompactionTooLarge(), absl::StatusCode::kResourceExhausted},
      {Status::ColumnFamilyDropped(), absl::StatusCode::kInternal},
  };
  std::set<Status::Code> seen;
  for (const auto& [status, code] : cases) {
    EXPECT_EQ(ToStatus(status, "testing").code(), code) << status.ToString();
    seen.insert(status.code());
  }
  EXPECT_EQ(seen.size(), static_cast<size_t>(Status::kMaxCode));
}

TEST(StatusTest, TheMessageSaysWhatWasDoneAndNamesTheFile) {
  const absl::Status status = ToStatus(Status::Corruption("bad block in", "000012.sst"), "opening");
  EXPECT_EQ(status.message().find("opening: "), 0u);
  EXPECT_NE(status.message().find("000012.sst"), std::string::npos);
}

}  // namespace
}  // namespace wonbon
