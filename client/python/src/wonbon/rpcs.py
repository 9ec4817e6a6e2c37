"""The rpcs of the contract (SubmitStream aside), for Client.call and AsyncClient.call.

from wonbon import rpcs
from wonbon.v1.dedup_service_pb2 import DeleteDocumentRequest

client.call(rpcs.DELETE_DOCUMENT, DeleteDocumentRequest(document_id="a-1", reason="takedown"))
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from google.protobuf.message import Message

from wonbon.v1 import admin_service_pb2 as admin
from wonbon.v1 import collection_service_pb2 as collections
from wonbon.v1 import dedup_service_pb2 as dedup
from wonbon.v1 import submission_pb2 as submission

Request = TypeVar("Request", bound=Message)
Response = TypeVar("Response", bound=Message)


@dataclass(frozen=True)
class Rpc(Generic[Request, Response]):
    """One request, one response (WATCH_CLUSTERS: many)."""

    service: str
    request: type[Request]
    response: type[Response]

    @property
    def path(self) -> str:
        return f"/wonbon.v1.{self.service}/{self.request.DESCRIPTOR.name.removesuffix('Request')}"


_DEDUP, _COLLECTIONS, _ADMIN = "DedupService", "CollectionService", "AdminService"

SUBMIT = Rpc(_DEDUP, submission.SubmitRequest, submission.SubmitResponse)
SUBMIT_BATCH = Rpc(_DEDUP, submission.SubmitBatchRequest, submission.SubmitBatchResponse)
CHECK = Rpc(_DEDUP, submission.CheckRequest, submission.CheckResponse)
COMPARE = Rpc(_DEDUP, submission.CompareRequest, submission.CompareResponse)
GET_DOCUMENT = Rpc(_DEDUP, dedup.GetDocumentRequest, dedup.GetDocumentResponse)
DELETE_DOCUMENT = Rpc(_DEDUP, dedup.DeleteDocumentRequest, dedup.DeleteDocumentResponse)
BATCH_GET_DOCUMENTS = Rpc(_DEDUP, dedup.BatchGetDocumentsRequest, dedup.BatchGetDocumentsResponse)
BATCH_DELETE_DOCUMENTS = Rpc(
    _DEDUP, dedup.BatchDeleteDocumentsRequest, dedup.BatchDeleteDocumentsResponse
)
UNBLOCK_DOCUMENT = Rpc(_DEDUP, dedup.UnblockDocumentRequest, dedup.UnblockDocumentResponse)
LIST_DOCUMENTS = Rpc(_DEDUP, dedup.ListDocumentsRequest, dedup.ListDocumentsResponse)
LIST_TOMBSTONES = Rpc(_DEDUP, dedup.ListTombstonesRequest, dedup.ListTombstonesResponse)
GET_CLUSTER = Rpc(_DEDUP, dedup.GetClusterRequest, dedup.GetClusterResponse)
LIST_CLUSTERS = Rpc(_DEDUP, dedup.ListClustersRequest, dedup.ListClustersResponse)
LIST_CLUSTER_DOCUMENTS = Rpc(
    _DEDUP, dedup.ListClusterDocumentsRequest, dedup.ListClusterDocumentsResponse
)
PIN_CANONICAL = Rpc(_DEDUP, dedup.PinCanonicalRequest, dedup.PinCanonicalResponse)
MERGE_CLUSTERS = Rpc(_DEDUP, dedup.MergeClustersRequest, dedup.MergeClustersResponse)
SPLIT_CLUSTER = Rpc(_DEDUP, dedup.SplitClusterRequest, dedup.SplitClusterResponse)
WATCH_CLUSTERS = Rpc(_DEDUP, dedup.WatchClustersRequest, dedup.WatchClustersResponse)
CREATE_COLLECTION = Rpc(
    _COLLECTIONS, collections.CreateCollectionRequest, collections.CreateCollectionResponse
)
GET_COLLECTION = Rpc(
    _COLLECTIONS, collections.GetCollectionRequest, collections.GetCollectionResponse
)
LIST_COLLECTIONS = Rpc(
    _COLLECTIONS, collections.ListCollectionsRequest, collections.ListCollectionsResponse
)
UPDATE_COLLECTION = Rpc(
    _COLLECTIONS, collections.UpdateCollectionRequest, collections.UpdateCollectionResponse
)
DELETE_COLLECTION = Rpc(
    _COLLECTIONS, collections.DeleteCollectionRequest, collections.DeleteCollectionResponse
)
GET_STATS = Rpc(_ADMIN, admin.GetStatsRequest, admin.GetStatsResponse)
CREATE_BACKUP = Rpc(_ADMIN, admin.CreateBackupRequest, admin.CreateBackupResponse)
LIST_BACKUPS = Rpc(_ADMIN, admin.ListBackupsRequest, admin.ListBackupsResponse)
VERIFY_BACKUP = Rpc(_ADMIN, admin.VerifyBackupRequest, admin.VerifyBackupResponse)
SET_READ_ONLY = Rpc(_ADMIN, admin.SetReadOnlyRequest, admin.SetReadOnlyResponse)
LIST_SLOW_CALLS = Rpc(_ADMIN, admin.ListSlowCallsRequest, admin.ListSlowCallsResponse)
GET_CONFIGURATION = Rpc(_ADMIN, admin.GetConfigurationRequest, admin.GetConfigurationResponse)
