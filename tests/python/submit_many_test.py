"""Many documents: order, places, back-pressure, and servers that go away or refuse."""

import itertools
import signal
import threading
import time
from concurrent import futures

import conftest
import grpc
import pytest
import wonbon
from conftest import article
from google.protobuf import any_pb2, duration_pb2
from google.rpc import error_details_pb2, status_pb2
from wonbon import rpcs
from wonbon.v1.admin_service_pb2 import GetStatsRequest
from wonbon.v1.submission_pb2 import SubmitBatchRequest, SubmitBatchResponse


def test_decisions_come_in_the_order_of_the_documents(client):
    told = []
    decisions = list(
        client.submit_many(map(article, range(1000)), batch_size=64, progress=told.append)
    )
    assert [decision.document_id for decision in decisions] == [f"a-{n}" for n in range(1000)]
    assert [progress.answered for progress in told] == [*range(64, 1000, 64), 1000]
    assert all(progress.rejected == 0 for progress in told)
    assert list(client.submit_many([])) == []


def test_a_rejected_document_is_named_by_its_place_and_spoils_no_other(client):
    documents = [article(number) for number in range(300)]
    documents[17]["title"] = 1.5  # found here
    documents[130]["body"] = "…"  # found by the server, 30th of its batch
    rejected, told = [], []
    decisions = list(
        client.submit_many(
            documents, batch_size=100, on_rejected=rejected.append, progress=told.append
        )
    )
    assert len(decisions) == 298
    assert [(r.place, r.error.place, r.error.field) for r in rejected] == [
        (17, 17, "documents[17].title"),
        (130, 130, "documents[130].body"),
    ]
    assert rejected[1].record is documents[130]
    assert "documents[130].body: " in str(rejected[1].error)
    assert "documents[30]" not in str(rejected[1].error)
    assert (told[-1].answered, told[-1].rejected) == (300, 2)

    answers = client.submit_many(documents, batch_size=100)
    assert len(list(itertools.islice(answers, 17))) == 17
    with pytest.raises(wonbon.InvalidArgument) as refused:
        next(answers)
    assert refused.value.place == 17


def test_a_batch_of_nothing_but_rejected_documents(client):
    rejected = []
    assert list(client.submit_many([{"title": 1}] * 5, on_rejected=rejected.append)) == []
    assert [r.place for r in rejected] == [0, 1, 2, 3, 4]


def test_an_error_of_the_call_names_the_first_document_without_an_answer(client):
    with pytest.raises(wonbon.NotFound) as missing:
        list(client.submit_many(map(article, range(10)), collection="nowhere"))
    assert missing.value.place == 0
    assert missing.value.reason == "COLLECTION_NOT_FOUND"


@pytest.mark.parametrize("options", [{"batch_size": 0}, {"batch_size": 1001}, {"in_flight": 65}])
def test_options_out_of_their_range_are_refused_at_once(client, options):
    with pytest.raises(wonbon.InvalidArgument) as refused:
        client.submit_many([], **options)
    assert refused.value.field == next(iter(options))


def test_a_document_that_fits_no_message_is_rejected(client):
    huge = article(1, body="가" * (5 << 20))
    rejected = []
    decisions = list(client.submit_many([huge, article(2)], on_rejected=rejected.append))
    assert [decision.document_id for decision in decisions] == ["a-2"]
    assert rejected[0].error.field == "documents[0]"


def test_large_documents_make_small_batches(client):
    told = []
    documents = [article(n, body=article(n)["body"] * 500) for n in range(40)]  # 240 KB each
    assert len(list(client.submit_many(documents, progress=told.append))) == 40
    assert len(told) == 4  # 2 MiB and a bit each


def test_no_more_documents_are_taken_than_are_in_flight(client):
    taken = 0

    def feed():
        nonlocal taken
        for number in itertools.count():
            taken = number + 1
            yield article(number)

    answers = client.submit_many(feed(), batch_size=10, in_flight=3)
    for expected in range(100):
        assert next(answers).document_id == f"a-{expected}"
        # In flight, the batch that is filled, and the one whose answers are handed out.
        assert taken <= expected + 10 * 5
    answers.close()


@pytest.mark.parametrize("with_signal", [signal.SIGTERM, signal.SIGKILL])
def test_restarts_lose_nothing_and_double_nothing(server, connect, with_signal):
    client = connect(server.endpoint)
    first = server.server
    documents = []

    def outages():
        for _ in range(4):
            time.sleep(0.5)
            (server.kill if with_signal is signal.SIGKILL else server.stop)()
            time.sleep(0.3)
            server.start()

    chaos = threading.Thread(target=outages)

    def feed():
        for number in itertools.count():
            documents.append(article(number))
            yield documents[-1]
            if not chaos.is_alive():
                return

    chaos.start()
    try:
        decisions = list(client.submit_many(feed(), batch_size=50))
    finally:
        chaos.join()
    assert server.server is not first
    assert len(documents) > 500
    assert [decision.document_id for decision in decisions] == [d["id"] for d in documents]
    assert client.call(rpcs.GET_STATS, GetStatsRequest()).documents == len(documents)
    unchanged = wonbon.Outcome.OUTCOME_UNCHANGED
    assert all(decision.outcome == unchanged for decision in client.submit_many(documents))


def test_it_gives_up_on_a_server_that_stays_away(server, connect):
    client = connect(server.endpoint)
    answers = client.submit_many(map(article, range(100)), batch_size=10, give_up_after=1.0)
    assert next(answers).document_id == "a-0"
    for _ in range(9):
        next(answers)
    server.kill()
    with pytest.raises(wonbon.WonbonError, match=r"no answer for documents\[\d+\]") as gone:
        list(answers)
    assert isinstance(gone.value, wonbon.Unavailable)
    assert gone.value.place is not None and gone.value.place % 10 == 0 and gone.value.place >= 10


class Scripted:
    """A server of SubmitBatch that answers what a test tells it to."""

    def __init__(self, answer):
        self.batches = []
        self._answer = answer
        self._server = grpc.server(futures.ThreadPoolExecutor(8))
        handler = grpc.unary_unary_rpc_method_handler(
            self._take, SubmitBatchRequest.FromString, SubmitBatchResponse.SerializeToString
        )
        self._server.add_generic_rpc_handlers(
            [
                grpc.method_handlers_generic_handler(
                    "wonbon.v1.DedupService", {"SubmitBatch": handler}
                )
            ]
        )
        self.endpoint = f"127.0.0.1:{conftest.free_port()}"
        self._server.add_insecure_port(self.endpoint)
        self._server.start()

    def _take(self, request, context):
        self.batches.append([document.id for document in request.documents])
        return self._answer(self, request, context)

    def stop(self):
        self._server.stop(None)


@pytest.fixture
def scripted():
    servers = []

    def make(answer):
        servers.append(Scripted(answer))
        return servers[-1]

    yield make
    for server in servers:
        server.stop()


def decided(request):
    response = SubmitBatchResponse()
    for document in request.documents:
        response.results.add().decision.document_id = document.id
    return response


def refusal(seconds):
    """RESOURCE_EXHAUSTED as the server says it."""
    retry = any_pb2.Any()
    delay = duration_pb2.Duration(nanos=int(seconds * 1e9))
    retry.Pack(error_details_pb2.RetryInfo(retry_delay=delay))
    info = any_pb2.Any()
    info.Pack(error_details_pb2.ErrorInfo(domain="wonbon", reason="MEMORY_LIMIT"))
    return status_pb2.Status(code=8, message="no room", details=[info, retry])


def test_single_documents_that_were_refused_are_sent_again_alone(scripted, connect):
    def answer(server, request, _):
        response = decided(request)
        if len(server.batches) == 1:
            for place in (1, 3):
                response.results[place].error.CopyFrom(refusal(0.3))
        return response

    server = scripted(answer)
    begun = time.monotonic()
    decisions = list(connect(server.endpoint).submit_many(map(article, range(5))))
    assert time.monotonic() - begun >= 0.3
    assert server.batches == [[f"a-{n}" for n in range(5)], ["a-1", "a-3"]]
    assert [decision.document_id for decision in decisions] == [f"a-{n}" for n in range(5)]


def test_a_refused_call_waits_as_long_as_it_is_told(scripted, connect):
    def answer(server, request, context):
        if len(server.batches) <= 2:
            status = refusal(0.4)
            details = ("grpc-status-details-bin", status.SerializeToString())
            context.set_trailing_metadata([details])
            context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, status.message)
        return decided(request)

    server = scripted(answer)
    begun = time.monotonic()
    assert len(list(connect(server.endpoint).submit_many([article(1)]))) == 1
    assert 0.8 <= time.monotonic() - begun < 3
    assert len(server.batches) == 3


def test_a_limit_that_does_not_pass_is_not_waited_for(scripted, connect):
    def answer(_, __, context):
        context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, "too large")

    server = scripted(answer)
    with pytest.raises(wonbon.ResourceExhausted) as refused:
        list(connect(server.endpoint).submit_many([article(1)]))
    assert refused.value.retry_after is None
    assert len(server.batches) == 1


def test_cancelled_that_nobody_asked_for_is_an_outage(scripted, connect):
    def answer(server, request, context):
        if len(server.batches) == 1:
            context.abort(grpc.StatusCode.CANCELLED, "stopping")
        return decided(request)

    server = scripted(answer)
    assert len(list(connect(server.endpoint).submit_many([article(1)]))) == 1
    assert len(server.batches) == 2


def test_results_that_do_not_match_the_documents_are_an_error(scripted, connect):
    server = scripted(lambda *_: SubmitBatchResponse())
    with pytest.raises(wonbon.WonbonError, match="0 results for 1 documents") as wrong:
        list(connect(server.endpoint).submit_many([article(1)]))
    assert wrong.value.code is grpc.StatusCode.INTERNAL


def test_batches_are_in_flight_together(scripted, connect):
    together = threading.Barrier(4)

    def answer(_, request, __):
        together.wait(10)  # answers nobody before four are here
        return decided(request)

    client = connect(scripted(answer).endpoint)
    decisions = list(client.submit_many(map(article, range(16)), batch_size=2, in_flight=4))
    assert [decision.document_id for decision in decisions] == [f"a-{n}" for n in range(16)]
