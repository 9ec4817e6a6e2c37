"""The generated tree and google-api-core load beside each other, whichever comes first.

usage: import_orders.py FOLDER [PACKAGE.]     each order in a process of its own
"""

import subprocess
import sys

GENERATED = "import {package}wonbon.v1.dedup_service_pb2_grpc, {package}google.rpc.error_details_pb2"
UPSTREAM = "import google.api_core.exceptions, grpc_status.rpc_status, google.rpc.error_details_pb2"


def main():
    folder, package = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else ""
    ours = GENERATED.format(package=package)
    for path in ("insert(0, folder)", "append(folder)"):
        for first, second in ((ours, UPSTREAM), (UPSTREAM, ours)):
            program = f"import sys; folder = {folder!r}; sys.path.{path}\n{first}\n{second}\n"
            subprocess.run([sys.executable, "-c", program], check=True)


main()
