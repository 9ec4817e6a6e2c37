"""The files of google/rpc have upstream's descriptors: every message, field and option.

usage: descriptors_test.py PROTO_FOLDER     with googleapis-common-protos installed

A program that loads two different files of one name fails: in Python when the second is imported, in Go
when it starts.
"""

import subprocess
import sys

from google.protobuf import descriptor_pb2
from google.rpc import error_details_pb2, status_pb2


def without_json_names(messages):
    """protoc writes them out; the files that Python carries leave them out."""
    for message in messages:
        for field in list(message.field) + list(message.extension):
            field.ClearField("json_name")
        without_json_names(message.nested_type)


def ours(folder, name):
    command = ["protoc", f"--proto_path={folder}", "--descriptor_set_out=/dev/stdout", name]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    (file,) = descriptor_pb2.FileDescriptorSet.FromString(output).file
    without_json_names(file.message_type)
    return file


def main():
    different = []
    for module in (status_pb2, error_details_pb2):
        theirs = descriptor_pb2.FileDescriptorProto.FromString(module.DESCRIPTOR.serialized_pb)
        without_json_names(theirs.message_type)
        mine = ours(sys.argv[1], theirs.name)
        if mine.SerializeToString(deterministic=True) != theirs.SerializeToString(deterministic=True):
            different.append(theirs.name)
            print(f"{theirs.name}: ours\n{mine}\nupstream's\n{theirs}", file=sys.stderr)
    return 1 if different else 0


sys.exit(main())
