"""Calls of either client against a real server."""

import pathlib
import re
import shutil
import subprocess
import sys
import threading
import time

import conftest
import pytest
import wonbon
from conftest import article
from wonbon import rpcs
from wonbon.v1 import admin_service_pb2, collection_service_pb2, dedup_service_pb2, submission_pb2
from wonbon.v1.dedup_service_pb2 import (
    DeleteDocumentRequest,
    GetDocumentRequest,
    ListDocumentsRequest,
)

SOURCE = conftest.ROOT / "client/python"


def test_a_copy_joins_the_cluster_of_the_first(client):
    first = client.submit(article(1))
    assert first.outcome == wonbon.Outcome.OUTCOME_CREATED
    copy = article(1, id="b", publisher="누리신문")
    assert client.check(copy).relation == wonbon.Relation.RELATION_EXACT
    second = client.submit(copy, view=wonbon.View.VIEW_FULL)
    assert second.cluster_id == first.cluster_id
    assert second.canonical.body == copy["body"]
    assert client.submit(copy).outcome == wonbon.Outcome.OUTCOME_UNCHANGED


def test_compare_takes_ids_and_documents(client):
    client.submit(article(1))
    compared = client.compare("a-1", article(1))
    assert compared.same_article
    assert len(compared.shared) > 0
    basic = client.compare(article(1), article(2), view=wonbon.View.VIEW_BASIC)
    assert not basic.same_article
    assert len(basic.only_a) == 0
    with pytest.raises(wonbon.InvalidArgument) as refused:
        client.compare("a-1", {"body": 3})
    assert refused.value.field == "b.document.body"


def test_any_rpc_can_be_called_and_lists_come_page_by_page(client):
    for number in range(5):
        client.submit(article(number))
    pages = list(client.pages(rpcs.LIST_DOCUMENTS, ListDocumentsRequest(page_size=2)))
    ids = [[stored.document.id for stored in page.documents] for page in pages]
    assert [i for page in ids for i in page] == [f"a-{number}" for number in range(5)]
    assert len(pages) >= 3
    gone = client.call(rpcs.DELETE_DOCUMENT, DeleteDocumentRequest(document_id="a-1", reason="r"))
    assert gone.tombstone.reason == "r"


def test_errors_are_exceptions_of_their_code_with_field_and_reason(client):
    with pytest.raises(wonbon.InvalidArgument, match=r"document\.body: has no letter") as refused:
        client.submit({"id": "a", "title": "제목"})
    assert refused.value.field == "document.body"
    assert refused.value.reason == "INVALID_FIELD"
    assert refused.value.place is None
    with pytest.raises(wonbon.NotFound) as missing:
        client.call(rpcs.GET_DOCUMENT, GetDocumentRequest(document_id="nobody"))
    assert (missing.value.reason, missing.value.subject) == ("DOCUMENT_NOT_FOUND", "nobody")
    with pytest.raises(wonbon.NotFound) as missing:
        client.submit(article(1), collection="nowhere")
    assert missing.value.reason == "COLLECTION_NOT_FOUND"
    client.submit(article(1))
    with pytest.raises(wonbon.FailedPrecondition) as late:
        client.submit(article(1, title="다른 제목"), expected_sequence=0)
    assert late.value.reason == "SEQUENCE_MISMATCH"


def test_no_server_is_unavailable_after_five_attempts(connect):
    client = connect(f"127.0.0.1:{conftest.free_port()}")
    begun = time.monotonic()
    with pytest.raises(wonbon.Unavailable):
        client.submit(article(1))
    assert 0.5 < time.monotonic() - begun < 10  # .1 + .16 + .26 + .41 s, each .2 more or less


def test_a_timeout_ends_the_repetitions(connect):
    patient = wonbon.CallOptions(max_attempts=1000)
    client = connect(f"127.0.0.1:{conftest.free_port()}", call=patient)
    begun = time.monotonic()
    with pytest.raises((wonbon.Unavailable, wonbon.DeadlineExceeded)):
        client.submit(article(1), timeout=1.5)
    assert time.monotonic() - begun < 3


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"endpoint": "nowhere"}, "endpoint"),
        ({"endpoint": "http://a.example:80"}, "endpoint"),
        ({"api_key": "line\n"}, "api_key"),
        ({"cert_file": "x"}, "cert_file"),
        ({"cert_file": "x", "key_file": "y", "insecure": True}, "insecure"),
    ],
)
def test_options_that_cannot_be_are_refused_by_name(options, field):
    with pytest.raises(wonbon.InvalidArgument) as refused:
        wonbon.Client(**options)
    assert refused.value.field == field
    assert "line" not in str(refused.value)


def test_tls_with_an_authority_and_a_certificate_of_the_client(serve, connect, tmp_path):
    files = tmp_path / "tls"
    shutil.copytree(conftest.ROOT / "tests/server/testdata", files)
    (files / "server.key").chmod(0o600)
    flags = (f"--tls-cert={files}/server.pem", f"--tls-key={files}/server.key")
    server = serve(*flags, f"--tls-client-ca={files}/ca.pem")
    ours = {"cert_file": f"{files}/client.pem", "key_file": f"{files}/client.key"}
    port = server.endpoint.split(":")[1]
    client = connect(f"localhost:{port}", ca_file=f"{files}/ca.pem", **ours)
    assert client.submit(article(1)).document_id == "a-1"
    with pytest.raises(wonbon.Unavailable):
        connect(f"localhost:{port}", ca_file=f"{files}/ca.pem").submit(article(1))
    with pytest.raises(wonbon.Unavailable):
        connect(f"localhost:{port}").submit(article(1))


def new_key(file, name, *flags):
    command = [
        f"{conftest.BUILD}/client/wonbon",
        "keys",
        "new",
        name,
        f"--file={file}",
        "--collections=*",
        *flags,
    ]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_keys_say_who_may_what_and_a_limit_that_passes_is_waited_for(serve, connect, tmp_path):
    keys = tmp_path / "keys.toml"
    reader = new_key(keys, "reader", "--role=reader")
    writer = new_key(keys, "writer", "--role=writer", "--documents-per-second=40")
    server = serve(f"--api-keys-file={keys}")
    with pytest.raises(wonbon.Unauthenticated) as unknown:
        connect(server.endpoint).check(article(1))
    assert unknown.value.reason == "KEY_MISSING"
    with pytest.raises(wonbon.PermissionDenied) as low:
        connect(server.endpoint, api_key=reader).submit(article(1))
    assert (low.value.reason, low.value.subject) == ("ROLE_TOO_LOW", "reader")

    # 40 may come at once, then 40 a second.
    client = connect(server.endpoint, api_key=writer)
    begun = time.monotonic()
    documents = [article(number) for number in range(120)]
    decisions = list(client.submit_many(documents, batch_size=20, in_flight=4))
    assert [decision.document_id for decision in decisions] == [d["id"] for d in documents]
    assert time.monotonic() - begun > 1
    once = connect(server.endpoint, api_key=writer, call=wonbon.CallOptions(max_attempts=1))
    with pytest.raises(wonbon.ResourceExhausted) as limited:
        list(map(once.submit, documents))
    assert limited.value.reason == "RATE_LIMITED"
    assert limited.value.retry_after is not None and limited.value.retry_after > 0


def test_closing_a_client_ends_what_waits_in_it(server):
    client = wonbon.Client(server.endpoint)
    watch = client.watch()
    threading.Timer(0.5, client.close).start()
    with pytest.raises(wonbon.Cancelled):
        while True:
            next(watch)
    with pytest.raises(wonbon.Cancelled):
        client.submit(article(1))


def test_every_rpc_of_the_contract_can_be_called():
    contract = set()
    for file in (dedup_service_pb2, collection_service_pb2, admin_service_pb2):
        for service in file.DESCRIPTOR.services_by_name.values():
            for method in service.methods:
                path = f"/{service.full_name}/{method.name}"
                contract.add((path, method.input_type.name, method.output_type.name))
    contract.remove(  # submit_many is in its place
        ("/wonbon.v1.DedupService/SubmitStream", "SubmitStreamRequest", "SubmitStreamResponse")
    )
    assert submission_pb2.SubmitStreamRequest
    named = {
        (rpc.path, rpc.request.DESCRIPTOR.name, rpc.response.DESCRIPTOR.name)
        for rpc in vars(rpcs).values()
        if isinstance(rpc, rpcs.Rpc)
    }
    assert named == contract


def test_the_example_is_that_of_the_readmes_and_runs(server):
    text = (SOURCE / "example.py").read_text(encoding="utf8")
    for readme in ("README.md", "README.ko.md", "client/python/README.md"):
        blocks = [sys.executable, conftest.ROOT / "tests/readme/blocks.py"]
        shown = subprocess.run(
            [*blocks, conftest.ROOT / readme, "python example"],
            capture_output=True,
            text=True,
            check=True,
        )
        assert shown.stdout.strip() == text.split('"""', 2)[2].strip(), readme
    said = subprocess.run(
        [sys.executable, SOURCE / "example.py"],
        capture_output=True,
        text=True,
        check=True,
        env={"WONBON_ENDPOINT": server.endpoint},
    ).stdout
    assert re.fullmatch(
        r"가람통신: RELATION_UNIQUE in (c\d+)\n누리신문: RELATION_EXACT in \1\n", said
    )


def test_the_version_is_that_of_the_project():
    project = pathlib.Path(conftest.ROOT / "CMakeLists.txt").read_text(encoding="utf8")
    version = re.search(r"project\(wonbon VERSION (\S+)", project).group(1)
    package = (SOURCE / "pyproject.toml").read_text(encoding="utf8")
    assert re.search(r'^version = "(.*)"', package, re.MULTILINE).group(1) == version
