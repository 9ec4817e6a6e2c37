"""Errors of calls as exceptions: a class for each code that callers branch on.

The one mapping from what gRPC answers, with its google.rpc details, to WonbonError.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import grpc
from google.rpc import error_details_pb2, status_pb2

_DETAILS_KEY = "grpc-status-details-bin"


class WonbonError(Exception):
    """A call, or one document of many, that failed."""

    #: The canonical code.
    code: grpc.StatusCode
    #: The stable reason (error.proto), such as "DOCUMENT_DELETED". Empty where the error did not
    #: come from a wonbon server: the connection failed, a proxy answered.
    reason: str
    #: The id or the name that the error is about; empty where there is none.
    subject: str
    #: Path of the field that is wrong, such as "document.body" or "documents[17].title"; empty
    #: where the error is about no field.
    field: str
    #: submit_many: which document of the iterable it is about, counted from 0.
    place: int | None
    #: Seconds to wait before the next attempt, as the server asked; None where it did not.
    retry_after: float | None

    def __init__(
        self,
        message: str,
        *,
        code: grpc.StatusCode,
        reason: str = "",
        subject: str = "",
        field: str = "",
        place: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.reason = reason
        self.subject = subject
        self.field = field
        self.place = place
        self.retry_after = retry_after

    @property
    def message(self) -> str:
        return str(self.args[0])

    def __str__(self) -> str:
        return f"{self.code.name}: {self.message}"


class InvalidArgument(WonbonError, ValueError):
    """A field of the request is wrong: `field` names it. Also raised before anything was sent."""


class NotFound(WonbonError, LookupError):
    """There is no such document, cluster or collection; `reason` tells which."""


class AlreadyExists(WonbonError):
    """The name is taken."""


class FailedPrecondition(WonbonError):
    """What stands does not allow it: SEQUENCE_MISMATCH, DOCUMENT_BLOCKED, ..."""


class OutOfRange(WonbonError):
    """A watch cannot go on from its position: list the clusters and begin anew.

    `reason`: EVENTS_DROPPED, SEQUENCE_NOT_REACHED, or STORE_CHANGED (said by this client), where
    the server has another store than the position is of.
    """


class ResourceExhausted(WonbonError):
    """A limit was met. With `retry_after` it passes with time; without, it does not."""


class Unavailable(WonbonError):
    """No server, or one that is stopping. Also a CANCELLED that nobody here asked for."""


class DeadlineExceeded(WonbonError, TimeoutError):
    """No answer in time; what was asked for may have been done."""


class Unauthenticated(WonbonError):
    """No API key, or one that the server does not take (any more)."""


class PermissionDenied(WonbonError):
    """The key may not do that: ROLE_TOO_LOW, COLLECTION_NOT_ALLOWED."""


class Cancelled(WonbonError):
    """The client was closed meanwhile."""


_CLASSES: dict[grpc.StatusCode, type[WonbonError]] = {
    grpc.StatusCode.INVALID_ARGUMENT: InvalidArgument,
    grpc.StatusCode.NOT_FOUND: NotFound,
    grpc.StatusCode.ALREADY_EXISTS: AlreadyExists,
    grpc.StatusCode.FAILED_PRECONDITION: FailedPrecondition,
    grpc.StatusCode.OUT_OF_RANGE: OutOfRange,
    grpc.StatusCode.RESOURCE_EXHAUSTED: ResourceExhausted,
    grpc.StatusCode.UNAVAILABLE: Unavailable,
    grpc.StatusCode.DEADLINE_EXCEEDED: DeadlineExceeded,
    grpc.StatusCode.UNAUTHENTICATED: Unauthenticated,
    grpc.StatusCode.PERMISSION_DENIED: PermissionDenied,
    grpc.StatusCode.CANCELLED: Cancelled,
}
_CODES = {code.value[0]: code for code in grpc.StatusCode}


def invalid(field: str, description: str, place: int | None = None) -> InvalidArgument:
    """What this client says of an argument, in the server's form."""
    return InvalidArgument(
        f"{field}: {description}",
        code=grpc.StatusCode.INVALID_ARGUMENT,
        reason="INVALID_FIELD",
        field=field,
        place=place,
    )


def closed() -> Cancelled:
    return Cancelled("the client is closed", code=grpc.StatusCode.CANCELLED)


def unavailable(message: str) -> Unavailable:
    return Unavailable(message, code=grpc.StatusCode.UNAVAILABLE)


def from_rpc(error: grpc.RpcError, is_closed: bool) -> WonbonError:
    """The error of a call; `is_closed`: this side closed the connection."""
    # Every RpcError of a call is a grpc.Call as well (in grpc.aio an AioRpcError).
    call: Any = error
    status = status_pb2.Status()
    for key, value in call.trailing_metadata() or ():
        if key == _DETAILS_KEY:
            status.ParseFromString(value)
    if is_closed and call.code() is grpc.StatusCode.CANCELLED:
        return closed()
    return _build(call.code(), call.details() or "", status.details)


def from_status(status: Any) -> WonbonError:
    """The error of one document of a batch: a google.rpc.Status."""
    code = _CODES.get(status.code, grpc.StatusCode.UNKNOWN)
    return _build(code, status.message, status.details)


def _build(code: grpc.StatusCode, message: str, details: Iterable[Any]) -> WonbonError:
    if code is grpc.StatusCode.CANCELLED:
        code = grpc.StatusCode.UNAVAILABLE
        message = f"ended by the other side: {message}" if message else "ended by the other side"
    reason = subject = field = ""
    retry_after = None
    info = error_details_pb2.ErrorInfo()
    retry = error_details_pb2.RetryInfo()
    bad = error_details_pb2.BadRequest()
    for detail in details:
        if detail.Unpack(info) and info.domain == "wonbon":
            reason, subject = info.reason, info.metadata.get("subject", "")
        elif detail.Unpack(retry) and retry.HasField("retry_delay"):
            retry_after = retry.retry_delay.ToNanoseconds() / 1e9
        elif detail.Unpack(bad):
            for violation in bad.field_violations:
                field = field or violation.field
                if violation.field not in message or violation.description not in message:
                    message += f"; {violation.field}: {violation.description}"
    return _CLASSES.get(code, WonbonError)(
        message, code=code, reason=reason, subject=subject, field=field, retry_after=retry_after
    )
