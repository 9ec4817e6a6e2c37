#!/usr/bin/env python3
"""Every unary rpc over HTTP, once well and once badly; and /openapi.json, which must describe what
is asked and what is answered. Then watches, time limits, TLS and the certificates of clients.

usage: calls_test.py BUILD_DIR TEST_DATA      TEST_DATA: certificates, as tests/server has them
"""
import http.client
import json
import pathlib
import re
import ssl
import subprocess
import sys
import tempfile
import time
import warnings

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "attacks"))
from steps import Server, check  # noqa: E402
from wire import Watch, call, connect, plug, post, read_all  # noqa: E402

BODY = ("전주시가 다음 달부터 시립도서관 열람실을 밤 10시까지 연다. 시는 평일 저녁 이용자가 한 해 사이 "
        "38% 늘었다며 도서관 12곳의 문 닫는 시각을 두 시간 늦추고 사서 24명을 더 뽑는다고 밝혔다. ")
A = {"id": "a", "title": "전주 도서관, 밤 10시까지 연다", "body": BODY * 3, "publisher": "가람통신",
     "publishedAt": "2026-11-02T09:00:00Z", "labels": {"desk": "지역"}}
B = {**A, "id": "b", "body": BODY * 3 + "시 홈페이지에서 볼 수 있다.", "publisher": "누리신문"}


def steps():
    """rpc, request, what is wrong with another request: status, code, reason. In this order: each
    finds what those before left, and has the words in capitals from them."""
    missing = 404, "not_found", "DOCUMENT_NOT_FOUND"
    nowhere = {"collection": "nowhere"}, (404, "not_found", "COLLECTION_NOT_FOUND")
    cluster = 404, "not_found", "CLUSTER_NOT_FOUND"
    field = 400, "invalid_argument", "INVALID_FIELD"
    form = 400, "invalid_argument", "MALFORMED_MESSAGE"
    backup_missing = 404, "not_found", "BACKUP_NOT_FOUND"
    return [
        ("CollectionService/CreateCollection", {"name": "news"}, {"name": "../.."}, field),
        ("CollectionService/GetCollection", {"name": "news"}, {"name": "<script>"}, nowhere[1]),
        ("CollectionService/ListCollections", {}, {"pageSize": -1}, field),
        ("CollectionService/UpdateCollection",
         {"name": "news", "settings": {"preferredPublishers": ["가람통신"]},
          "updateMask": "preferredPublishers"}, {"name": "news", "updateMask": 7}, form),
        ("DedupService/Submit", {"document": A}, {"document": {**A, "id": ""}}, field),
        ("DedupService/SubmitBatch", {"documents": [B, {"id": "", "body": "x"}]},
         {"documents": [B], "collection": "nowhere"}, nowhere[1]),
        ("DedupService/Check", {"document": {**A, "id": "c"}}, {"document": {"bodyy": "x"}}, form),
        ("DedupService/Compare", {"a": {"documentId": "a"}, "b": {"document": {**B, "id": "d"}}},
         {"a": {"documentId": "a"}, "b": {"documentId": "none"}}, missing),
        ("DedupService/GetDocument", {"documentId": "a"}, {"documentId": "none"}, missing),
        ("DedupService/BatchGetDocuments", {"documentIds": ["a", "none"]}, *nowhere),
        ("DedupService/ListDocuments", {"pageSize": 1}, {"pageToken": "x"}, field),
        ("DedupService/ListClusters", {}, {"minSize": "many"}, form),
        ("DedupService/GetCluster", {"clusterId": "CLUSTER"}, {"clusterId": "c99999"}, cluster),
        ("DedupService/ListClusterDocuments", {"clusterId": "CLUSTER"}, {"clusterId": "?"}, field),
        ("DedupService/PinCanonical", {"clusterId": "CLUSTER", "documentId": "b", "actor": "desk"},
         {"clusterId": "CLUSTER", "documentId": "none", "actor": "desk"}, missing),
        ("DedupService/SplitCluster",
         {"clusterId": "CLUSTER", "documentIds": ["b"], "actor": "desk"},
         {"clusterId": "c99999", "documentIds": ["b"], "actor": "desk"}, cluster),
        ("DedupService/MergeClusters", {"clusterIds": ["CLUSTER", "OTHER"], "actor": "desk"},
         {"clusterIds": [], "actor": "desk"}, field),
        ("DedupService/DeleteDocument", {"documentId": "b", "reason": "takedown", "block": True},
         {"documentId": "none"}, missing),
        ("DedupService/ListTombstones", {"pageSize": 1}, *nowhere),
        ("DedupService/UnblockDocument", {"documentId": "b"}, {"documentId": ""}, field),
        ("DedupService/BatchDeleteDocuments", {"documentIds": ["a"]}, *nowhere),
        ("AdminService/GetStats", {}, {"depth": 1}, form),
        ("AdminService/CreateBackup", {}, {"name": 1}, form),
        ("AdminService/ListBackups", {}, {"none": 1}, form),
        ("AdminService/VerifyBackup", {"backup": "BACKUP"}, {"backup": "20200101T000000.000Z"},
         backup_missing),
        ("AdminService/SetReadOnly", {"readOnly": False}, {"readOnly": "perhaps"}, form),
        ("AdminService/ListSlowCalls", {}, {"newest": 1}, form),
        ("AdminService/GetConfiguration", {}, {"names": "listen"}, form),
        ("CollectionService/DeleteCollection", {"name": "news"}, {"name": "default"},
         (400, "failed_precondition", "COLLECTION_PERMANENT")),
    ]


class Contract:
    """/openapi.json, as far as JSON Schema is used in it."""

    def __init__(self, page):
        self.page = page

    def resolve(self, schema):
        if "$ref" not in schema:
            return schema
        found = self.page
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        return found

    def validate(self, value, schema, at):
        schema = self.resolve(schema)
        kinds = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int,
                 "number": (int, float)}
        check(isinstance(value, kinds[schema["type"]]), at, "is no", schema["type"], value)
        check("enum" not in schema or value in schema["enum"], at, "has no such name:", value)
        if schema["type"] == "array":
            for number, element in enumerate(value):
                self.validate(element, schema["items"], f"{at}[{number}]")
        elif schema["type"] == "object":
            for name, member in value.items():
                inner = schema.get("properties", {}).get(name, schema.get("additionalProperties"))
                if "@type" in schema.get("properties", {}):
                    continue  # of another message
                check(inner is not None, at, "has", name, "which is not described")
                self.validate(member, inner, f"{at}.{name}")

    def schema_of(self, rpc, answer):
        post_of = self.page["paths"]["/wonbon.v1." + rpc]["post"]
        side = post_of["responses"]["200"] if answer else post_of["requestBody"]
        return side["content"]["application/json"]["schema"]


def fill(request, known):
    text = json.dumps(request)
    for word, value in known.items():
        text = text.replace(f'"{word}"', json.dumps(value))
    return json.loads(text)


def every_rpc(server, contract):
    done = set()
    known = {}
    for rpc, wanted, wrong, expected in steps():
        request = fill(wanted, known)
        contract.validate(request, contract.schema_of(rpc, False), rpc + " request")
        answer = call(server.http, rpc, request)
        check(answer.status == 200, rpc, "answers", answer)
        contract.validate(answer.json(), contract.schema_of(rpc, True), rpc + " response")
        if rpc.endswith("/Submit"):
            known["CLUSTER"] = answer.json()["decision"]["clusterId"]
        elif rpc.endswith("/SplitCluster"):
            split = answer.json()
            known["OTHER"] = ({split["cluster"]["clusterId"], split["splitOff"]["clusterId"]}
                              - {known["CLUSTER"]}).pop()
        elif rpc.endswith("/CreateBackup"):
            known["BACKUP"] = answer.json()["backup"]["name"]
        bad = call(server.http, rpc, fill(wrong, known))
        status, code, reason = expected
        check((bad.status, bad.json()["code"], bad.reason()) == expected,
              rpc, "answers", bad, "instead of", status, code, reason)
        done.add("/wonbon.v1." + rpc)
    there = {path for path, item in contract.page["paths"].items() if "post" in item}
    check(done == there, "not tried:", there - done, "not described:", done - there)
    print(f"{len(done)} rpcs, each answered and refused as /openapi.json says")


def watches(server):
    call(server.http, "DedupService/Submit", {"document": {**A, "id": "w1"}})
    watch = Watch(server.http, "?after=0")
    check(watch.status == 200 and watch.headers["content-type"] == "text/event-stream",
          watch.status, watch.headers)
    first = watch.event()
    data = json.loads(first["data"])
    check(data["events"] and data["sequence"] == first["id"] and data["storeId"], first)
    call(server.http, "DedupService/Submit", {"document": {**A, "id": "w2"}})
    second = watch.event()
    check(any(event["documentId"] == "w2" for event in json.loads(second["data"])["events"]), second)
    began = time.monotonic()
    sign = watch.event()
    check(set(sign) == {"id"} and 5 < time.monotonic() - began < 15, "no sign of life:", sign)
    watch.close()
    resumed = Watch(server.admin, "?after=0", f"Last-Event-ID: {first['id']}\r\n")
    again = resumed.event()
    check(again["data"] == second["data"], "resumed with", again)
    resumed.close()
    print("a watch sends events and signs of life, and is resumed")


def time_limits(server):
    documents = [{"id": f"t{n}", "body": f"{n} " + BODY * 20} for n in range(300)]
    late = call(server.http, "DedupService/SubmitBatch", {"documents": documents},
                {"Connect-Timeout-Ms": "1"})
    check(late.status == 504 and late.json()["code"] == "deadline_exceeded", late)
    for bad in "0", "-1", "soon", "99999999999":
        answer = call(server.http, "AdminService/GetStats", {}, {"Connect-Timeout-Ms": bad})
        check(answer.status == 400 and b"Connect-Timeout-Ms" in answer.body, bad, answer)
    print("Connect-Timeout-Ms is a deadline")


def cancelled(server):
    """A client that goes away in the middle of a call: nobody works on it any more."""
    line = r'grpc_server_handled_total{grpc_code="Canceled",grpc_method="SubmitBatch"'
    documents = [{"id": f"g{n}", "body": f"{n} " + BODY * 20} for n in range(400)]
    request = post("DedupService/SubmitBatch", json.dumps({"documents": documents}).encode())
    for _ in range(20):
        connection = plug(server.http)
        connection.sendall(request)
        connection.close()
        time.sleep(0.2)
        for metric in server.get("/metrics")[1].splitlines():
            if metric.startswith(line) and float(metric.split()[-1]) > 0:
                print("a call is cancelled when its client goes away")
                return
    check(False, "no call was cancelled")


def context_for(data, client=False):
    context = ssl.create_default_context(cafile=f"{data}/ca.pem")
    context.check_hostname = False
    if client:
        context.load_cert_chain(f"{data}/client.pem", f"{data}/client.key")
    return context


def served(server, context):
    """The certificate that a connection gets."""
    connection = connect(server.http, context)
    connection.connect()
    certificate = connection.sock.getpeercert(binary_form=True)
    connection.close()
    return certificate


def install(data, name, folder):
    for end in "key", "pem":
        new = folder / f"{name}.new"
        new.touch(0o600)
        new.write_bytes((data / f"{name}.{end}").read_bytes())
        new.rename(folder / f"server.{end}")


def tls(build, folder, data):
    folder = pathlib.Path(folder)
    warnings.simplefilter("ignore", DeprecationWarning)  # of the old versions that are tried
    install(data, "server", folder)
    flags = [f"--tls-cert={folder}/server.pem", f"--tls-key={folder}/server.key",
             "--http-listen=127.0.0.1:0"]
    server = Server(build, folder, flags=flags)
    try:
        context = context_for(data)
        check(call(server.http, "AdminService/GetStats", {}, tls=context).status == 200, "no HTTPS")
        watch = connect(server.http, context)
        watch.request("GET", "/wonbon.v1.DedupService/WatchClusters")
        check(watch.getresponse().readline().startswith(b"id: "), "no watch over TLS")
        watch.close()
        check(call(server.admin, "AdminService/GetStats", {}).status == 200, "no admin endpoint")
        plain = plug(server.http)
        plain.sendall(post("AdminService/GetStats"))
        check(b"200" not in read_all(plain), "HTTP is spoken without TLS")
        for version in ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1:
            old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
            old.set_ciphers("ALL:@SECLEVEL=0")
            old.minimum_version = old.maximum_version = version
            try:
                call(server.http, "AdminService/GetStats", {}, tls=old)
                check(False, version, "is spoken")
            except (ssl.SSLError, ConnectionError):
                pass
        before = served(server, context)
        install(data, "server2", folder)
        server.process.send_signal(1)  # SIGHUP
        for _ in range(50):
            if served(server, context) != before:
                break
            time.sleep(0.1)
        check(served(server, context) != before, "the certificate is not renewed")
    finally:
        server.stop()
    print("HTTPS is spoken, TLS 1.1 is not, and certificates are renewed")
    mutual_tls(build, folder, data, flags)


def mutual_tls(build, folder, data, flags):
    keys = folder / "keys.toml"
    names = subprocess.run(["openssl", "x509", "-in", f"{data}/client.pem", "-noout", "-subject",
                            "-ext", "subjectAltName"], capture_output=True, text=True).stdout
    name = (re.search(r"DNS:([^\s,]+)", names) or re.search(r"CN ?= ?(\S+)", names))[1]
    subprocess.run([f"{build}/client/wonbon", "keys", "new", "desk", f"--file={keys}",
                    "--role=reader", "--collections=*", f"--certificate={name}"], check=True, capture_output=True)
    server = Server(build, folder,
                    flags=[*flags, f"--tls-client-ca={data}/ca.pem", f"--api-keys-file={keys}"])
    try:
        mine = context_for(data, client=True)
        check(call(server.http, "AdminService/GetStats", {}, tls=mine).status == 200,
              "the name in the certificate is not known")
        refused = call(server.http, "CollectionService/CreateCollection", {"name": "x"}, tls=mine)
        check(refused.status == 403 and refused.reason() == "ROLE_TOO_LOW", refused)
        try:
            answer = call(server.http, "AdminService/GetStats", {}, tls=context_for(data))
            check(False, "without a certificate:", answer)
        except (ssl.SSLError, ConnectionError, http.client.HTTPException):
            pass
        plain = call(server.admin, "AdminService/GetStats", {})
        check(plain.status == 403 and b"certificates" in plain.body, plain)
        check(server.get("/livez")[0] == 200, "no probes")
    finally:
        server.stop()
    print("a client's certificate says who he is, and nothing else does instead")


def main():
    build, data = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "backups").mkdir()
        server = Server(build, folder, flags=["--http-listen=127.0.0.1:0",
                                              f"--backup-dir={folder}/backups"])
        try:
            page = connect(server.http)
            page.request("GET", "/openapi.json")
            every_rpc(server, Contract(json.loads(page.getresponse().read())))
            watches(server)
            time_limits(server)
            cancelled(server)
        finally:
            server.stop()
    with tempfile.TemporaryDirectory() as folder:
        tls(build, folder, data)


main()
