"""Submits, decodes a BadRequest and watches over a restart of the server.

usage: client.py ADDRESS
"""

import sys
import time

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from wonbon.v1 import dedup_service_pb2, dedup_service_pb2_grpc, document_pb2, submission_pb2


def submit(stub, document_id, body):
    document = document_pb2.Document(id=document_id, title="제목", body=body, publisher="한국신문")
    request = submission_pb2.SubmitRequest(document=document)
    return stub.Submit(request, wait_for_ready=True, timeout=60).decision


def submit_over_a_restart(stub, document_id, body):
    """The same document again is UNCHANGED, so an answer that was lost does no harm."""
    while True:
        try:
            return submit(stub, document_id, body)
        except grpc.RpcError as error:
            if error.code() != grpc.StatusCode.UNAVAILABLE:
                raise
            time.sleep(0.1)


def bad_field(stub):
    try:
        submit(stub, "bad", "")
    except grpc.RpcError as error:
        for detail in rpc_status.from_call(error).details:
            bad_request = error_details_pb2.BadRequest()
            if detail.Unpack(bad_request):
                return bad_request.field_violations[0].field
    return None


def watch(stub):
    """Yields the documents of CREATED events, each once, over whatever happens to the server."""
    after = 0
    while True:
        request = dedup_service_pb2.WatchClustersRequest(after_sequence=after)
        try:
            for response in stub.WatchClusters(request, wait_for_ready=True):
                after = response.sequence
                for event in response.events:
                    yield event.document_id
        except grpc.RpcError as error:
            if error.code() != grpc.StatusCode.UNAVAILABLE:
                raise
            time.sleep(0.1)


def main():
    stub = dedup_service_pb2_grpc.DedupServiceStub(grpc.insecure_channel(sys.argv[1]))
    assert submit(stub, "a", "첫 번째 기사의 본문입니다.").document_id == "a"
    assert bad_field(stub) == "document.body", bad_field(stub)
    events = watch(stub)
    assert next(events) == "a"
    print("WATCHING", flush=True)
    restarted = False
    while not restarted:
        try:
            stub.GetDocument(dedup_service_pb2.GetDocumentRequest(document_id="a"), timeout=1)
            time.sleep(0.05)
        except grpc.RpcError:
            restarted = True
    submit_over_a_restart(stub, "b", "두 번째 기사의 본문은 전혀 다른 내용을 담았습니다.")
    assert next(events) == "b"
    print("DONE", flush=True)


main()
