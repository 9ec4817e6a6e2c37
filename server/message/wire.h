// Bytes to messages and back: protobuf's own, and its JSON for calls over HTTP.
//
// Requests arrive as bytes and are parsed here, on our own threads, after a look at their shape:
// one message of 16 MiB can hold millions of empty documents or labels, and would take gigabytes
// once parsed. Pure functions.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "grpcpp/support/byte_buffer.h"

namespace wonbon::server {

// INVALID_ARGUMENT for bytes that are no such message, for text that is no UTF-8 (on its field),
// for too many documents ("documents") and for a document with too many fields or labels
// ("document.labels", "documents[3].labels").
absl::Status Parse(grpc::ByteBuffer bytes, google::protobuf::Message& message);

// The same of a message in JSON. INVALID_ARGUMENT also for text that is no JSON of that message,
// with protobuf's words: they name the place, or the field and what is wrong with its value.
absl::Status ParseJson(grpc::ByteBuffer bytes, google::protobuf::Message& message);

// The name that the contract has for a message type: that of a twin (proto/make_twin) without
// "wire".
std::string PublicName(const google::protobuf::Descriptor& type);

// `message` as bytes. Ours always serialize.
grpc::ByteBuffer Serialize(const google::protobuf::Message& message);
// `message` in JSON: names in lowerCamelCase, 64-bit numbers as text; fields that are zero, false
// or empty are written too, so that an answer always has the same ones. INTERNAL where protobuf
// cannot.
absl::StatusOr<std::string> ToJson(const google::protobuf::Message& message);

}  // namespace wonbon::server
