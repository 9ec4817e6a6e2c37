"""Many documents in batches: what Client.submit_many and AsyncClient.submit_many share."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import grpc

from wonbon import limits
from wonbon.documents import to_document
from wonbon.errors import InvalidArgument, WonbonError, from_status, invalid
from wonbon.retry import Attempts, is_retryable, patient
from wonbon.v1.decision_pb2 import Decision, View
from wonbon.v1.document_pb2 import Document
from wonbon.v1.submission_pb2 import SubmitBatchRequest, SubmitBatchResponse

Record = Mapping[str, Any] | Document


@dataclass(frozen=True)
class Progress:
    """How far a submission is."""

    #: Documents with an answer, in the order of the iterable; rejected ones included.
    answered: int
    #: Of these, documents that were not taken.
    rejected: int
    #: Since it began.
    seconds: float


@dataclass(frozen=True)
class Rejected:
    """A document that was not taken, and never will be as it is."""

    #: Which one of the iterable, counted from 0.
    place: int
    #: As the iterable gave it.
    record: Record
    error: WonbonError


@dataclass
class Item:
    """One document and what became of it: in the end a decision or an error."""

    place: int
    record: Record
    document: Document | None = None
    decision: Decision | None = None
    error: WonbonError | None = None


@dataclass(frozen=True)
class Options:
    collection: str
    view: View
    batch_size: int
    in_flight: int
    give_up_after: float
    timezone: datetime.tzinfo | None
    progress: Callable[[Progress], None] | None
    on_rejected: Callable[[Rejected], None] | None

    def __post_init__(self) -> None:
        for name, most in (
            ("batch_size", limits.MAX_BATCH_DOCUMENTS),
            ("in_flight", limits.MAX_BATCHES_IN_FLIGHT),
        ):
            if not 1 <= getattr(self, name) <= most:
                raise invalid(name, f"must be 1 to {most}, not {getattr(self, name)}")


class Delivery:
    """One batch, until each document of it has its answer. Not thread-safe."""

    def __init__(self, items: list[Item], options: Options) -> None:
        self.items = items
        self._options = options
        self._call_options = patient(options.give_up_after)
        self._attempts = Attempts(self._call_options)
        self._open = [item for item in items if item.error is None]

    @property
    def done(self) -> bool:
        return not self._open

    def request(self) -> SubmitBatchRequest:
        """Those without an answer."""
        return SubmitBatchRequest(
            collection=self._options.collection,
            documents=[item.document for item in self._open if item.document is not None],
            view=self._options.view,
        )

    def timeout(self) -> float | None:
        return self._attempts.timeout()

    def take(self, response: SubmitBatchResponse) -> float:
        """Takes answers. Seconds to wait before the next attempt, where one is needed."""
        if len(response.results) != len(self._open):
            message = f"{len(response.results)} results for {len(self._open)} documents"
            self.failed(WonbonError(message, code=grpc.StatusCode.INTERNAL))
        again: list[Item] = []
        refusal = None
        for position, (item, result) in enumerate(zip(self._open, response.results, strict=True)):
            if result.HasField("decision"):
                item.decision = result.decision
                continue
            error = _placed(from_status(result.error), position, item.place)
            if is_retryable(error, self._call_options):
                again.append(item)
                refusal = refusal or error
            else:
                item.error = error
        if len(again) < len(self._open):
            self._attempts.begin_anew()
        self._open = again
        return self.failed(refusal) if refusal else 0.0

    def failed(self, error: WonbonError) -> float:
        """Seconds to wait before the next attempt; raises the error where there is to be none."""
        try:
            return self._attempts.wait_after(error)
        except WonbonError:
            first = self._open[0].place
            error.place = first
            error.args = (f"no answer for documents[{first}] and what follows: {error.message}",)
            raise


def _placed(error: WonbonError, position: int, place: int) -> WonbonError:
    """Names the document by its place in the iterable, not in the batch."""
    error.place = place
    ours, theirs = f"documents[{place}]", f"documents[{position}]"
    if error.field.startswith(theirs):
        error.field = ours + error.field[len(theirs) :]
        error.args = (error.message.replace(theirs, ours),)
    else:
        error.args = (f"{ours}: {error.message}",)
    return error


@dataclass
class Submission:
    """Cuts documents into batches and hands out what became of them, in their order."""

    options: Options
    _places: int = 0
    _answered: int = 0
    _rejected: int = 0
    _bytes: int = 0
    _begun: float = field(default_factory=time.monotonic)
    _items: list[Item] = field(default_factory=list)

    def add(self, record: Record) -> Iterator[Delivery]:
        """Takes a document; the batches that are full now, at most two."""
        item = Item(self._places, record)
        self._places += 1
        size = 0
        try:
            at = f"documents[{item.place}]"
            item.document = to_document(record, at, self.options.timezone)
            size = item.document.ByteSize()
            if size > limits.MAX_DOCUMENT_BYTES:
                raise invalid(at, f"has {size} bytes; at most {limits.MAX_DOCUMENT_BYTES}")
        except InvalidArgument as error:
            error.place, item.error = item.place, error
        if self._bytes + size > limits.BATCH_BYTES:
            yield from self.rest()
        self._items.append(item)
        self._bytes += size
        if len(self._items) >= self.options.batch_size or self._bytes >= limits.BATCH_BYTES:
            yield from self.rest()

    def deliveries(self, records: Iterable[Record]) -> Iterator[Delivery]:
        for record in records:
            yield from self.add(record)
        yield from self.rest()

    def rest(self) -> Iterator[Delivery]:
        """The batch that is not full yet."""
        if self._items:
            items, self._items, self._bytes = self._items, [], 0
            yield Delivery(items, self.options)

    def answers(self, delivery: Delivery) -> Iterator[Decision]:
        """Of a delivery that is done. Rejected documents go to on_rejected, or are raised."""
        for item in delivery.items:
            self._answered += 1
            if item.decision is not None:
                yield item.decision
            elif item.error is not None:
                self._rejected += 1
                if self.options.on_rejected is None:
                    raise item.error
                self.options.on_rejected(Rejected(item.place, item.record, item.error))
        if self.options.progress is not None:
            seconds = time.monotonic() - self._begun
            self.options.progress(Progress(self._answered, self._rejected, seconds))
