"""The client for programs with threads, or without."""

from __future__ import annotations

import dataclasses
import datetime
import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import Any, Self

import grpc

from wonbon import channel, limits, rpcs
from wonbon.documents import to_document
from wonbon.errors import WonbonError, closed, from_rpc
from wonbon.requests import compare_side, next_page
from wonbon.retry import DEFAULT_CALL, Attempts, CallOptions
from wonbon.rpcs import Request, Response, Rpc
from wonbon.submission import Delivery, Options, Progress, Record, Rejected, Submission
from wonbon.v1.decision_pb2 import Decision, View
from wonbon.v1.dedup_service_pb2 import WatchClustersResponse
from wonbon.v1.submission_pb2 import (
    CheckRequest,
    CompareRequest,
    CompareResponse,
    SubmitRequest,
)
from wonbon.watching import Position, gone_quiet


class Client:
    """A connection to a server. Thread-safe; close it, or use it in a `with`.

    A call answers the contract's message, or raises a WonbonError. Calls that fail with UNAVAILABLE,
    or with RESOURCE_EXHAUSTED that passes, are repeated as `call` says. Connects when first used:
    plaintext to loopback, TLS elsewhere unless `insecure`; with ca_file (the authorities to trust)
    or cert_file and key_file (mTLS), PEM files, TLS to loopback as well. `timezone` is for times of
    publication that name no zone; without it those are InvalidArgument.

    InvalidArgument: an option that cannot be, by its name. OSError: a file that cannot be read.
    """

    def __init__(
        self,
        endpoint: str = channel.DEFAULT_ENDPOINT,
        *,
        api_key: str = "",
        ca_file: str = "",
        cert_file: str = "",
        key_file: str = "",
        insecure: bool = False,
        timezone: datetime.tzinfo | None = None,
        call: CallOptions = DEFAULT_CALL,
    ) -> None:
        how = channel.describe(endpoint, api_key, ca_file, cert_file, key_file, insecure)
        if how.credentials is None:
            self._channel = grpc.insecure_channel(how.endpoint, how.options)
        else:
            self._channel = grpc.secure_channel(how.endpoint, how.credentials, how.options)
        self._metadata = how.metadata
        self._timezone = timezone
        self._options = call
        self._closed = threading.Event()

    def close(self) -> None:
        """Ends what is running: those calls raise Cancelled."""
        self._closed.set()
        self._channel.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def submit(
        self,
        document: Record,
        *,
        collection: str = "",
        view: View = View.VIEW_BASIC,
        expected_sequence: int | None = None,
        timeout: float | None = None,
    ) -> Decision:
        """Indexes one document (a Document, or a mapping: see README.md)."""
        request = SubmitRequest(
            collection=collection,
            document=to_document(document, "document", self._timezone),
            view=view,
            expected_sequence=expected_sequence,
        )
        return self.call(rpcs.SUBMIT, request, timeout=timeout).decision

    def check(
        self,
        document: Record,
        *,
        collection: str = "",
        view: View = View.VIEW_BASIC,
        timeout: float | None = None,
    ) -> Decision:
        """The decision that submit would give, with nothing written."""
        request = CheckRequest(
            collection=collection,
            document=to_document(document, "document", self._timezone),
            view=view,
        )
        return self.call(rpcs.CHECK, request, timeout=timeout).decision

    def compare(
        self,
        a: str | Record,
        b: str | Record,
        *,
        collection: str = "",
        view: View = View.VIEW_FULL,
        timeout: float | None = None,
    ) -> CompareResponse:
        """How two documents are related: ids of indexed ones, or documents that need not be."""
        request = CompareRequest(
            collection=collection,
            a=compare_side(a, "a", self._timezone),
            b=compare_side(b, "b", self._timezone),
            view=view,
        )
        return self.call(rpcs.COMPARE, request, timeout=timeout)

    def call(
        self, rpc: Rpc[Request, Response], request: Request, *, timeout: float | None = None
    ) -> Response:
        """Any rpc (rpcs.py); `timeout` in place of CallOptions.timeout, repetitions included."""
        options = self._options
        if timeout is not None:
            options = dataclasses.replace(options, timeout=timeout)
        attempts = Attempts(options)
        while True:
            try:
                response: Response = self._end(self._begin(rpc, request, attempts.timeout()))
                return response
            except WonbonError as error:
                self._pause(attempts.wait_after(error))

    def pages(
        self, rpc: Rpc[Request, Response], request: Request, *, timeout: float | None = None
    ) -> Iterator[Response]:
        """Every page of a List rpc, from the request's page_token on; `timeout` is for each."""
        following: Request | None = request
        while following is not None:
            response = self.call(rpc, following, timeout=timeout)
            yield response
            following = next_page(following, response)

    def submit_many(
        self,
        documents: Iterable[Record],
        *,
        collection: str = "",
        view: View = View.VIEW_BASIC,
        batch_size: int = 256,
        in_flight: int = 4,
        give_up_after: float = 60.0,
        progress: Callable[[Progress], None] | None = None,
        on_rejected: Callable[[Rejected], None] | None = None,
    ) -> Iterator[Decision]:
        """Indexes documents and yields their decisions in the same order, as it is iterated.

        Up to `in_flight` batches are on their way; no more documents are taken while the caller does
        not take decisions. A restart of the server goes unnoticed: what has no answer is sent again,
        until attempts have failed for `give_up_after` seconds. With more than one batch in flight
        batches may overtake one another. A document that is not taken goes to `on_rejected`; without
        it its error is raised where its decision would stand. `progress` is told after each batch.

        WonbonError with `place`: every document before that one was answered and yielded; others may
        have been indexed. Submitting all of them again is harmless: UNCHANGED.
        """
        options = Options(
            collection=collection,
            view=view,
            batch_size=batch_size,
            in_flight=in_flight,
            give_up_after=give_up_after,
            timezone=self._timezone,
            progress=progress,
            on_rejected=on_rejected,
        )
        return self._submit_many(documents, Submission(options))

    def watch(
        self,
        collection: str = "",
        *,
        resume_after: int | None = None,
        store_id: str = "",
        give_up_after: float = math.inf,
    ) -> Iterator[WatchClustersResponse]:
        """Changes of a collection's clusters, as they happen; without end.

        From `resume_after` on, the `sequence` of the last response seen, of the store `store_id` (not
        checked where empty); None: from now on, 0: from the first. A response without events is a
        sign of life. Over restarts of the server it goes on behind its last response: no event is
        lost or doubled. It gives up when attempts have failed for `give_up_after` seconds (for a minute at
        most where it has heard nothing yet), and ends with Cancelled when the client is closed.

        OutOfRange: it cannot go on from there: list the clusters and begin anew.
        """
        position = Position(collection, resume_after, store_id, give_up_after)
        while True:
            broken = None
            try:
                for response in self._listen(position):
                    position.heard(response)
                    yield response
            except WonbonError as error:
                broken = error
            self._pause(position.wait_after(broken))

    def _submit_many(
        self, documents: Iterable[Record], submission: Submission
    ) -> Iterator[Decision]:
        window: deque[tuple[Delivery, Any]] = deque()
        try:
            for delivery in submission.deliveries(documents):
                if len(window) == submission.options.in_flight:
                    yield from self._deliver(submission, *window[0])
                    window.popleft()
                window.append((delivery, self._send(delivery)))
            while window:
                yield from self._deliver(submission, *window[0])
                window.popleft()
        finally:
            for _, call in window:
                if call is not None:
                    call.cancel()

    def _send(self, delivery: Delivery) -> Any:
        if delivery.done:  # nothing of it can be sent
            return None
        return self._begin(rpcs.SUBMIT_BATCH, delivery.request(), delivery.timeout())

    def _deliver(self, submission: Submission, delivery: Delivery, call: Any) -> Iterator[Decision]:
        while not delivery.done:
            try:
                wait = delivery.take(self._end(call))
            except WonbonError as error:
                wait = delivery.failed(error)
            if not delivery.done:
                self._pause(wait)
                call = self._send(delivery)
        yield from submission.answers(delivery)

    def _listen(self, position: Position) -> Iterator[WatchClustersResponse]:
        """One stream of responses. Unavailable: it went quiet."""
        if self._closed.is_set():
            raise closed()
        rpc = rpcs.WATCH_CLUSTERS
        stream = self._channel.unary_stream(
            rpc.path,
            request_serializer=rpc.request.SerializeToString,
            response_deserializer=rpc.response.FromString,
        )
        call: Any = stream(position.request, metadata=self._metadata)
        quiet = _Quiet(call)
        try:
            while True:
                quiet.since = time.monotonic()
                response = next(call)
                quiet.since = math.inf  # the caller may take its time
                yield response
        except StopIteration:
            return
        except grpc.RpcError as error:
            if quiet.cut:
                raise gone_quiet() from None
            raise from_rpc(error, self._closed.is_set()) from None
        finally:
            quiet.end()
            call.cancel()

    def _begin(self, rpc: Rpc[Request, Response], request: Request, timeout: float | None) -> Any:
        """A call on its way: a grpc.Future of the response."""
        if self._closed.is_set():
            raise closed()
        method = self._channel.unary_unary(
            rpc.path,
            request_serializer=rpc.request.SerializeToString,
            response_deserializer=rpc.response.FromString,
        )
        return method.future(request, timeout=timeout, metadata=self._metadata)

    def _end(self, call: Any) -> Any:
        try:
            return call.result()
        except grpc.RpcError as error:
            raise from_rpc(error, self._closed.is_set()) from None
        except grpc.FutureCancelledError:
            raise closed() from None

    def _pause(self, seconds: float) -> None:
        if self._closed.wait(seconds):
            raise closed()


class _Quiet(threading.Thread):
    """Cuts a stream off that says nothing for too long while it is waited for."""

    def __init__(self, call: Any) -> None:
        super().__init__(name="wonbon-watch", daemon=True)
        self.since = math.inf
        self.cut = False
        self._call = call
        self._ended = threading.Event()
        self.start()

    def run(self) -> None:
        while not self._ended.wait(limits.MAX_WATCH_SILENCE / 45):
            if time.monotonic() - self.since > limits.MAX_WATCH_SILENCE:
                self.cut = True
                self._call.cancel()
                return

    def end(self) -> None:
        self._ended.set()
