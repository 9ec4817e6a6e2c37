"""The client for asyncio: Client (client.py) with awaits. What the arguments mean stands there."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime
import math
from collections import deque
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable
from types import TracebackType
from typing import Any, Self

import grpc
import grpc.aio

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


class AsyncClient:
    """A connection to a server, for the tasks of one running loop. See Client."""

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
            self._channel = grpc.aio.insecure_channel(how.endpoint, how.options)
        else:
            self._channel = grpc.aio.secure_channel(how.endpoint, how.credentials, how.options)
        self._metadata = how.metadata
        self._timezone = timezone
        self._options = call
        self._closed = asyncio.Event()

    async def close(self) -> None:
        """Ends what is running: those calls raise Cancelled."""
        self._closed.set()
        await self._channel.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    async def submit(
        self,
        document: Record,
        *,
        collection: str = "",
        view: View = View.VIEW_BASIC,
        expected_sequence: int | None = None,
        timeout: float | None = None,
    ) -> Decision:
        """Client.submit."""
        request = SubmitRequest(
            collection=collection,
            document=to_document(document, "document", self._timezone),
            view=view,
            expected_sequence=expected_sequence,
        )
        return (await self.call(rpcs.SUBMIT, request, timeout=timeout)).decision

    async def check(
        self,
        document: Record,
        *,
        collection: str = "",
        view: View = View.VIEW_BASIC,
        timeout: float | None = None,
    ) -> Decision:
        """Client.check."""
        request = CheckRequest(
            collection=collection,
            document=to_document(document, "document", self._timezone),
            view=view,
        )
        return (await self.call(rpcs.CHECK, request, timeout=timeout)).decision

    async def compare(
        self,
        a: str | Record,
        b: str | Record,
        *,
        collection: str = "",
        view: View = View.VIEW_FULL,
        timeout: float | None = None,
    ) -> CompareResponse:
        """Client.compare."""
        request = CompareRequest(
            collection=collection,
            a=compare_side(a, "a", self._timezone),
            b=compare_side(b, "b", self._timezone),
            view=view,
        )
        return await self.call(rpcs.COMPARE, request, timeout=timeout)

    async def call(
        self, rpc: Rpc[Request, Response], request: Request, *, timeout: float | None = None
    ) -> Response:
        """Client.call."""
        options = self._options
        if timeout is not None:
            options = dataclasses.replace(options, timeout=timeout)
        attempts = Attempts(options)
        while True:
            try:
                call = self._begin(rpc, request, attempts.timeout())
                response: Response = await self._end(call)
                return response
            except WonbonError as error:
                await self._pause(attempts.wait_after(error))

    async def pages(
        self, rpc: Rpc[Request, Response], request: Request, *, timeout: float | None = None
    ) -> AsyncIterator[Response]:
        """Client.pages."""
        following: Request | None = request
        while following is not None:
            response = await self.call(rpc, following, timeout=timeout)
            yield response
            following = next_page(following, response)

    def submit_many(
        self,
        documents: Iterable[Record] | AsyncIterable[Record],
        *,
        collection: str = "",
        view: View = View.VIEW_BASIC,
        batch_size: int = 256,
        in_flight: int = 4,
        give_up_after: float = 60.0,
        progress: Callable[[Progress], None] | None = None,
        on_rejected: Callable[[Rejected], None] | None = None,
    ) -> AsyncIterator[Decision]:
        """Client.submit_many. Who leaves it before its end closes it (contextlib.aclosing)."""
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

    async def watch(
        self,
        collection: str = "",
        *,
        resume_after: int | None = None,
        store_id: str = "",
        give_up_after: float = math.inf,
    ) -> AsyncIterator[WatchClustersResponse]:
        """Client.watch. Who leaves it closes it (contextlib.aclosing)."""
        position = Position(collection, resume_after, store_id, give_up_after)
        while True:
            broken = None
            try:
                async for response in self._listen(position):
                    position.heard(response)
                    yield response
            except WonbonError as error:
                broken = error
            await self._pause(position.wait_after(broken))

    async def _submit_many(
        self, documents: Iterable[Record] | AsyncIterable[Record], submission: Submission
    ) -> AsyncIterator[Decision]:
        window: deque[tuple[Delivery, Any]] = deque()
        try:
            async for delivery in _deliveries(submission, documents):
                if len(window) == submission.options.in_flight:
                    async for decision in self._deliver(submission, *window[0]):
                        yield decision
                    window.popleft()
                window.append((delivery, self._send(delivery)))
            while window:
                async for decision in self._deliver(submission, *window[0]):
                    yield decision
                window.popleft()
        finally:
            for _, call in window:
                if call is not None:
                    call.cancel()

    def _send(self, delivery: Delivery) -> Any:
        if delivery.done:  # nothing of it can be sent
            return None
        return self._begin(rpcs.SUBMIT_BATCH, delivery.request(), delivery.timeout())

    async def _deliver(
        self, submission: Submission, delivery: Delivery, call: Any
    ) -> AsyncIterator[Decision]:
        while not delivery.done:
            try:
                wait = delivery.take(await self._end(call))
            except WonbonError as error:
                wait = delivery.failed(error)
            if not delivery.done:
                await self._pause(wait)
                call = self._send(delivery)
        for decision in submission.answers(delivery):
            yield decision

    async def _listen(self, position: Position) -> AsyncIterator[WatchClustersResponse]:
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
        try:
            while True:
                silence = asyncio.timeout(limits.MAX_WATCH_SILENCE)
                try:
                    async with silence:
                        response = await self._end(call.read())
                except TimeoutError:
                    if not silence.expired():
                        raise
                    raise gone_quiet() from None
                if response is grpc.aio.EOF:
                    return
                yield response
        finally:
            call.cancel()

    def _begin(self, rpc: Rpc[Request, Response], request: Request, timeout: float | None) -> Any:
        """A call on its way."""
        if self._closed.is_set():
            raise closed()
        method = self._channel.unary_unary(
            rpc.path,
            request_serializer=rpc.request.SerializeToString,
            response_deserializer=rpc.response.FromString,
        )
        return method(request, timeout=timeout, metadata=self._metadata)

    async def _end(self, call: Any) -> Any:
        try:
            return await call
        except grpc.RpcError as error:
            raise from_rpc(error, self._closed.is_set()) from None
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if self._closed.is_set() and task is not None and not task.cancelling():
                raise closed() from None
            raise

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._closed.wait()
        except TimeoutError:
            return
        raise closed()


async def _deliveries(
    submission: Submission, documents: Iterable[Record] | AsyncIterable[Record]
) -> AsyncIterator[Delivery]:
    if isinstance(documents, AsyncIterable):
        async for record in documents:
            for delivery in submission.add(record):
                yield delivery
        for delivery in submission.rest():
            yield delivery
    else:
        for delivery in submission.deliveries(documents):
            yield delivery
