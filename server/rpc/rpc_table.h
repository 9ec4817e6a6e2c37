// Every rpc of the contract, in one table: what whoever calls it must be allowed to do, and what
// kind of work it is.
//
// A service whose descriptor has a method without a row does not start, so that no rpc is ever
// served without somebody having said who may call it.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "google/protobuf/descriptor.h"
#include "server/admission/lane.h"

namespace wonbon::server {

// What a caller may do; each includes those before it.
enum class Role : uint8_t {
  kReader,  // look: reads, checks, comparisons, watches
  kWriter,  // submit and delete documents
  kEditor,  // overrule the machine: pin, merge, split
  kAdmin,   // collections, backups, the server itself
};

struct Rpc {
  std::string_view service;  // "wonbon.v1.DedupService"
  std::string_view method;   // "Submit"
  Role role;
  WorkKind work;              // how its steps wait for a worker
  bool takes_documents = false;  // it makes the index grow: refused past --memory-limit
};

std::span<const Rpc> RpcTable();

// The row of a method; null where there is none.
const Rpc* FindRpc(const google::protobuf::MethodDescriptor& method);

}  // namespace wonbon::server
