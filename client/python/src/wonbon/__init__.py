"""wonbon (원본): near-duplicate detection for Korean news, from Python.

Client and AsyncClient; errors are WonbonError and its classes. What they answer are the messages of
the contract (wonbon.v1), the most used of which stand here as well.
"""

from wonbon import rpcs
from wonbon.aio import AsyncClient
from wonbon.client import Client
from wonbon.errors import (
    AlreadyExists,
    Cancelled,
    DeadlineExceeded,
    FailedPrecondition,
    InvalidArgument,
    NotFound,
    OutOfRange,
    PermissionDenied,
    ResourceExhausted,
    Unauthenticated,
    Unavailable,
    WonbonError,
)
from wonbon.retry import CallOptions
from wonbon.submission import Progress, Record, Rejected
from wonbon.v1.cluster_pb2 import ClusterEvent, ClusterEventType
from wonbon.v1.decision_pb2 import Decision, Outcome, Relation, View
from wonbon.v1.document_pb2 import Document

__all__ = [
    "AlreadyExists",
    "AsyncClient",
    "CallOptions",
    "Cancelled",
    "Client",
    "ClusterEvent",
    "ClusterEventType",
    "DeadlineExceeded",
    "Decision",
    "Document",
    "FailedPrecondition",
    "InvalidArgument",
    "NotFound",
    "OutOfRange",
    "Outcome",
    "PermissionDenied",
    "Progress",
    "Record",
    "Rejected",
    "Relation",
    "ResourceExhausted",
    "Unauthenticated",
    "Unavailable",
    "View",
    "WonbonError",
    "rpcs",
]
