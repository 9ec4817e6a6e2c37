"""Watches: over restarts, over silence, and where they cannot go on."""

import contextlib
import itertools
import os
import shutil
import signal
import threading
import time

import pytest
import wonbon
from conftest import article
from wonbon import limits


def events_until(watch, document_id):
    """The events up to the one of a document, and the last response."""
    seen = []
    for response in watch:
        seen += response.events
        if any(event.document_id == document_id for event in response.events):
            return seen, response
    raise AssertionError("a watch has no end")


def test_events_come_from_the_position_on(client):
    first = client.submit(article(1))
    client.submit(article(2))
    seen, last = events_until(client.watch(resume_after=0), "a-2")
    assert [event.document_id for event in seen] == ["a-1", "a-2"]
    seen, _ = events_until(client.watch(resume_after=first.sequence), "a-2")
    assert [event.document_id for event in seen] == ["a-2"]
    assert last.store_id


def test_a_position_that_was_not_reached_is_out_of_range(client):
    with pytest.raises(wonbon.OutOfRange) as lost:
        next(client.watch(resume_after=1_000_000))
    assert lost.value.reason == "SEQUENCE_NOT_REACHED"


def test_a_position_of_another_store_is_out_of_range(client):
    client.submit(article(1))
    with pytest.raises(wonbon.OutOfRange) as lost:
        next(client.watch(resume_after=0, store_id="another"))
    assert lost.value.reason == "STORE_CHANGED"


def test_a_server_that_comes_back_with_another_store_is_noticed(server, connect):
    client = connect(server.endpoint)
    client.submit(article(1))
    watch = client.watch(resume_after=0)
    events_until(watch, "a-1")
    server.stop()
    shutil.rmtree(server.folder / "data")
    server.start()
    with contextlib.closing(wonbon.Client(server.endpoint)) as other:
        for number in range(5):  # so that the position means something in it
            other.submit(article(number))
    with pytest.raises(wonbon.OutOfRange) as lost:
        for _ in watch:
            pass
    assert lost.value.reason == "STORE_CHANGED"


@pytest.mark.parametrize("with_signal", [signal.SIGTERM, signal.SIGKILL])
def test_restarts_lose_no_event_and_double_none(server, connect, with_signal):
    writer = wonbon.Client(server.endpoint)
    count = 900

    def write():
        for number, _ in enumerate(writer.submit_many(map(article, range(count)), batch_size=10)):
            if number % 300 == 299 and number + 1 < count:
                (server.kill if with_signal is signal.SIGKILL else server.stop)()
                server.start()

    thread = threading.Thread(target=write)
    watch = connect(server.endpoint).watch(resume_after=0)
    thread.start()
    seen = []
    for response in watch:
        seen += [event.document_id for event in response.events]
        if len(seen) >= count:
            break
    thread.join()
    writer.close()
    assert sorted(seen) == sorted(f"a-{number}" for number in range(count))


def test_a_watch_goes_on_after_silence(server, connect, monkeypatch):
    monkeypatch.setattr(limits, "MAX_WATCH_SILENCE", 2.0)
    client = connect(server.endpoint)
    client.submit(article(1))
    watch = client.watch(resume_after=0)
    events_until(watch, "a-1")
    os.kill(server.server.process.pid, signal.SIGSTOP)

    def go_on():
        os.kill(server.server.process.pid, signal.SIGCONT)
        with contextlib.closing(wonbon.Client(server.endpoint)) as other:
            other.submit(article(2))

    timer = threading.Timer(5, go_on)
    timer.start()
    seen, _ = events_until(watch, "a-2")
    timer.join()
    assert [event.document_id for event in seen] == ["a-2"]


def test_a_slow_reader_is_no_silence(server, connect, monkeypatch):
    monkeypatch.setattr(limits, "MAX_WATCH_SILENCE", 1.0)
    client = connect(server.endpoint)
    with contextlib.closing(wonbon.Client(server.endpoint)) as writer:
        for number in range(3):
            writer.submit(article(number))
        watch = client.watch(resume_after=0)
        next(watch)
        time.sleep(2.5)
        writer.submit(article(3))
        seen = itertools.chain.from_iterable(response.events for response in watch)
        assert next(event for event in seen if event.document_id == "a-3")


def test_it_gives_up_on_a_server_that_stays_away(server, connect):
    watch = connect(server.endpoint).watch(resume_after=0, give_up_after=1.0)
    with contextlib.closing(wonbon.Client(server.endpoint)) as writer:
        writer.submit(article(1))
    next(watch)
    server.kill()
    with pytest.raises(wonbon.Unavailable):
        for _ in watch:
            pass
