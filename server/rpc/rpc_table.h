// Every rpc of the contract, in one table: what whoever calls it must be allowed to do, and what
// kind of work it is.
//
// An rpc without a row does not compile, so that none is ever served without somebody having said
// who may call it.
#pragma once

#include <span>
#include <string_view>

#include "google/protobuf/descriptor.h"
#include "core/keys/role.h"
#include "server/admission/lane.h"

namespace wonbon::server {

using keys::Role;

struct Rpc {
  std::string_view service;  // "wonbon.v1.DedupService"
  std::string_view method;   // "Submit"
  Role role;
  WorkKind work;              // how its steps wait for a worker
  bool takes_documents = false;  // it makes the index grow: refused past --memory-limit
  // It is about all collections at once: a key that is for some may not call it, whatever its role.
  bool of_all_collections = false;
};

std::span<const Rpc> RpcTable();

// The row of a method; null where there is none.
const Rpc* FindRpc(const google::protobuf::MethodDescriptor& method);

}  // namespace wonbon::server
