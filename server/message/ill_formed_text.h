// Why protobuf refused a message: which of its text fields is no UTF-8. protobuf itself only says
// that something is wrong. Pure function.
#pragma once

#include <optional>

#include "absl/status/status.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/io/coded_stream.h"

namespace wonbon::server {

// INVALID_ARGUMENT on the path of the first such field ("settings.wire_publishers[2]") with the
// offset of the byte; nothing where all text is well-formed, or the bytes are no message of `type`.
// Only of fields that protobuf checks: those of proto3 files.
std::optional<absl::Status> FindIllFormedText(const google::protobuf::Descriptor& type,
                                              google::protobuf::io::CodedInputStream& input);

}  // namespace wonbon::server
