// Gives a service its handlers, a file for rpcs that belong together. Handlers are thin: validate,
// one call of the engine, convert.
#pragma once

#include "server/rpc/rpc_service.h"

namespace wonbon::server {

void AddSubmitRpcs(RpcService& dedup);      // Submit, SubmitBatch
void AddSubmitStream(RpcService& dedup);    // SubmitStream
void AddComparisonRpcs(RpcService& dedup);  // Check, Compare
void AddDocumentRpcs(RpcService& dedup);    // Get, Delete, BatchGet, BatchDelete, Unblock
// GetCluster, ListClusters, ListClusterDocuments, ListDocuments
void AddClusterRpcs(RpcService& dedup);
void AddEditingRpcs(RpcService& dedup);     // PinCanonical, MergeClusters, SplitCluster
void AddWatch(RpcService& dedup);           // WatchClusters
void AddCollectionRpcs(RpcService& collections);
void AddAdminRpcs(RpcService& admin);

}  // namespace wonbon::server
