#include "server/rpc/rpc_table.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace wonbon::server {
namespace {

constexpr std::string_view kDedup = "wonbon.v1.DedupService";
constexpr std::string_view kCollections = "wonbon.v1.CollectionService";
constexpr std::string_view kAdminService = "wonbon.v1.AdminService";

constexpr Rpc OfAllCollections(Rpc rpc) {
  rpc.of_all_collections = true;
  return rpc;
}

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
    Rpc{kDedup, "ListTombstones", Role::kReader, WorkKind::kRead},
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
    OfAllCollections({kAdminService, "CreateBackup", Role::kAdmin, WorkKind::kRead}),
    OfAllCollections({kAdminService, "ListBackups", Role::kAdmin, WorkKind::kRead}),
    OfAllCollections({kAdminService, "VerifyBackup", Role::kAdmin, WorkKind::kRead}),
    OfAllCollections({kAdminService, "SetReadOnly", Role::kAdmin, WorkKind::kRead}),
    OfAllCollections({kAdminService, "ListSlowCalls", Role::kAdmin, WorkKind::kRead}),
    OfAllCollections({kAdminService, "GetConfiguration", Role::kAdmin, WorkKind::kRead}),
};

struct RpcName {
  std::string_view service;
  std::string_view method;
};

// As the contract has them.
constexpr RpcName kContract[] = {
#include "wonbon/v1/rpc_names.inc"
};

constexpr bool HasOneRow(const RpcName& name) {
  return std::count_if(kTable.begin(), kTable.end(), [&](const Rpc& rpc) {
           return rpc.service == name.service && rpc.method == name.method;
         }) == 1;
}
static_assert(std::all_of(std::begin(kContract), std::end(kContract), HasOneRow),
              "an rpc of the contract has no row: say who may call it");
static_assert(std::size(kContract) == kTable.size(), "a row is of no rpc");

}  // namespace

std::span<const Rpc> RpcTable() { return kTable; }

const Rpc* FindRpc(const google::protobuf::MethodDescriptor& method) {
  const auto found = std::find_if(kTable.begin(), kTable.end(), [&](const Rpc& rpc) {
    return rpc.method == method.name() && rpc.service == method.service()->full_name();
  });
  return found == kTable.end() ? nullptr : &*found;
}

}  // namespace wonbon::server
