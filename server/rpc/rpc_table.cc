#include "server/rpc/rpc_table.h"

#include <algorithm>
#include <array>

namespace wonbon::server {
namespace {

constexpr std::string_view kDedup = "wonbon.v1.DedupService";
constexpr std::string_view kCollections = "wonbon.v1.CollectionService";
constexpr std::string_view kAdminService = "wonbon.v1.AdminService";

constexpr std::array kTable = {
    Rpc{kDedup, "Submit", Role::kWriter, WorkKind::kWrite, true},
    Rpc{kDedup, "SubmitBatch", Role::kWriter, WorkKind::kBulk, true},
    Rpc{kDedup, "SubmitStream", Role::kWriter, WorkKind::kBulk, true},
    Rpc{kDedup, "Check", Role::kReader, WorkKind::kRead},
    Rpc{kDedup, "Compare", Role::kReader, WorkKind::kRead},
    Rpc{kDedup, "GetDocument", Role::kReader, WorkKind::kRead},
    Rpc{kDedup, "DeleteDocument", Role::kWriter, WorkKind::kWrite},
    Rpc{kDedup, "BatchGetDocuments", Role::kReader, WorkKind::kBulk},
    Rpc{kDedup, "BatchDeleteDocuments", Role::kWriter, WorkKind::kBulk},
    Rpc{kDedup, "UnblockDocument", Role::kEditor, WorkKind::kWrite},
    Rpc{kDedup, "ListDocuments", Role::kReader, WorkKind::kRead},
    Rpc{kDedup, "GetCluster", Role::kReader, WorkKind::kRead},
    Rpc{kDedup, "ListClusters", Role::kReader, WorkKind::kRead},
    Rpc{kDedup, "ListClusterDocuments", Role::kReader, WorkKind::kRead},
    Rpc{kDedup, "PinCanonical", Role::kEditor, WorkKind::kWrite},
    Rpc{kDedup, "MergeClusters", Role::kEditor, WorkKind::kWrite},
    Rpc{kDedup, "SplitCluster", Role::kEditor, WorkKind::kWrite},
    Rpc{kDedup, "WatchClusters", Role::kReader, WorkKind::kBulk},
    Rpc{kCollections, "CreateCollection", Role::kAdmin, WorkKind::kWrite},
    Rpc{kCollections, "GetCollection", Role::kReader, WorkKind::kRead},
    Rpc{kCollections, "ListCollections", Role::kReader, WorkKind::kRead},
    Rpc{kCollections, "UpdateCollection", Role::kAdmin, WorkKind::kWrite},
    Rpc{kCollections, "DeleteCollection", Role::kAdmin, WorkKind::kWrite},
    Rpc{kAdminService, "GetStats", Role::kReader, WorkKind::kRead},
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
