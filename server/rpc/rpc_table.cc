#include "server/rpc/rpc_table.h"

#include <algorithm>
#include <array>

namespace wonbon::server {
namespace {

constexpr std::string_view kDedup = "wonbon.v1.DedupService";
constexpr std::string_view kCollections = "wonbon.v1.CollectionService";
constexpr std::string_view kAdminService = "wonbon.v1.AdminService";

constexpr std::array kTable = {
    Rpc{kDedup, "Submit", Role::kWriter, true},
    Rpc{kDedup, "SubmitBatch", Role::kWriter, true},
    Rpc{kDedup, "SubmitStream", Role::kWriter, true},
    Rpc{kDedup, "Check", Role::kReader},
    Rpc{kDedup, "Compare", Role::kReader},
    Rpc{kDedup, "GetDocument", Role::kReader},
    Rpc{kDedup, "DeleteDocument", Role::kWriter},
    Rpc{kDedup, "BatchGetDocuments", Role::kReader},
    Rpc{kDedup, "BatchDeleteDocuments", Role::kWriter},
    Rpc{kDedup, "UnblockDocument", Role::kEditor},
    Rpc{kDedup, "ListDocuments", Role::kReader},
    Rpc{kDedup, "GetCluster", Role::kReader},
    Rpc{kDedup, "ListClusters", Role::kReader},
    Rpc{kDedup, "ListClusterDocuments", Role::kReader},
    Rpc{kDedup, "WatchClusters", Role::kReader},
    Rpc{kCollections, "CreateCollection", Role::kAdmin},
    Rpc{kCollections, "GetCollection", Role::kReader},
    Rpc{kCollections, "ListCollections", Role::kReader},
    Rpc{kCollections, "UpdateCollection", Role::kAdmin},
    Rpc{kCollections, "DeleteCollection", Role::kAdmin},
    Rpc{kAdminService, "GetStats", Role::kReader},
};

}  // namespace

std::span<const Rpc> RpcTable() { return kTable; }

const Rpc* FindRpc(const google::protobuf::MethodDescriptor& method) {
  const auto found = std::find_if(kTable.begin(), kTable.end(), [&](const Rpc& rpc) {
    return rpc.method == method.name() && rpc.service == method.service()->full_name();
  });
  return found == kTable.end() ? nullptr : &*found;
}

}  // namespace wonbon::server
