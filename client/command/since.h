// What --since takes: a while ago, or a time.
#pragma once

#include <google/protobuf/timestamp.pb.h>

#include <CLI/CLI.hpp>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace wonbon::client {

// "24h" ago, or a time in one of the forms of timestamp.h; one that names no zone is of Korea.
// INVALID_ARGUMENT: neither.
absl::StatusOr<absl::Time> ParseSince(const std::string& text);

// For CLI11: accepts what ParseSince takes.
CLI::Validator SinceValidator();

google::protobuf::Timestamp ToTimestamp(absl::Time time);

}  // namespace wonbon::client
