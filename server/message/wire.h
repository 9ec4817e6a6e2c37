// Bytes to messages and back.
//
// Requests arrive as bytes and are parsed here, on our own threads, after a look at their shape:
// one message of 16 MiB can hold millions of empty documents or labels, and would take gigabytes
// once parsed. Pure functions.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "grpcpp/support/byte_buffer.h"

namespace wonbon::server {

// INVALID_ARGUMENT for bytes that are no such message, for text that is no UTF-8 (on its field),
// for too many documents ("documents") and for a document with too many fields or labels
// ("document.labels", "documents[3].labels").
absl::Status Parse(grpc::ByteBuffer bytes, google::protobuf::Message& message);

// The name that the contract has for a message type: that of a twin (proto/make_twin) without
// "wire".
std::string PublicName(const google::protobuf::Descriptor& type);

// `message` as bytes. Ours always serialize.
grpc::ByteBuffer Serialize(const google::protobuf::Message& message);

}  // namespace wonbon::server
