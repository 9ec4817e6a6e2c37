#include "server/rpc/rpc_table.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>

#include "wonbon/v1/admin_service.pb.h"
#include "wonbon/v1/collection_service.pb.h"
#include "wonbon/v1/dedup_service.pb.h"

namespace wonbon::server {
namespace {

std::set<std::pair<std::string, std::string>> MethodsOfTheContract() {
  std::set<std::pair<std::string, std::string>> methods;
  for (const google::protobuf::Descriptor* message :
       {v1::GetDocumentRequest::descriptor(), v1::GetCollectionRequest::descriptor(),
        v1::GetStatsRequest::descriptor()}) {
    const google::protobuf::FileDescriptor& file = *message->file();
    for (int i = 0; i < file.service_count(); ++i) {
      for (int j = 0; j < file.service(i)->method_count(); ++j) {
        const auto& method = *file.service(i)->method(j);
        methods.emplace(method.service()->full_name(), method.name());
        EXPECT_NE(FindRpc(method), nullptr) << method.full_name() << " has no row";
      }
    }
  }
  return methods;
}

TEST(RpcTableTest, EveryRpcOfTheContractHasOneRowAndEveryRowItsRpc) {
  const std::set<std::pair<std::string, std::string>> methods = MethodsOfTheContract();
  EXPECT_GT(methods.size(), 15);
  EXPECT_EQ(RpcTable().size(), methods.size());
  for (const Rpc& rpc : RpcTable()) {
    EXPECT_TRUE(methods.contains({std::string(rpc.service), std::string(rpc.method)}))
        << rpc.service << "/" << rpc.method;
  }
}

TEST(RpcTableTest, WhatAdminsDoWithoutACollectionIsNotForKeysOfSome) {
  for (const Rpc& rpc : RpcTable()) {
    const bool of_server = rpc.service == "wonbon.v1.AdminService" && rpc.role == Role::kAdmin;
    EXPECT_EQ(rpc.of_all_collections, of_server) << rpc.method;
  }
}

TEST(RpcTableTest, WhatWritesIsNotForReaders) {
  for (const Rpc& rpc : RpcTable()) {
    const bool looks = rpc.method.starts_with("Get") || rpc.method.starts_with("List") ||
                       rpc.method.starts_with("BatchGet") || rpc.method == "Check" ||
                       rpc.method == "Compare" || rpc.method == "WatchClusters";
    EXPECT_TRUE(looks || rpc.role != Role::kReader) << rpc.method;
  }
}

}  // namespace
}  // namespace wonbon::server
