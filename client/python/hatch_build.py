"""Generates src/wonbon/v1/*_pb2.py and .pyi from the contract when the package is built."""

import importlib.util
from pathlib import Path
from typing import Any

from grpc_tools import protoc
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


def _folder(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError(f"{package} is not installed")
    return Path(next(iter(spec.submodule_search_locations)))


class GenerateContract(BuildHookInterface):  # type: ignore[type-arg]
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        # In a source distribution beside this file, in the tree two folders up.
        places = (root / "proto", root.parent.parent / "proto")
        proto = next((place for place in places if (place / "wonbon/v1").is_dir()), None)
        if proto is None:
            raise RuntimeError(f"no wonbon/v1/*.proto in {places[0]} nor in {places[1]}")
        arguments = [
            "protoc",
            f"--proto_path={proto}",
            f"--proto_path={_folder('grpc_tools') / '_proto'}",
            f"--proto_path={_folder('google.rpc').parent.parent}",
            f"--python_out={root / 'src'}",
            f"--pyi_out={root / 'src'}",
            *map(str, sorted((proto / "wonbon/v1").glob("*.proto"))),
        ]
        if protoc.main(arguments) != 0:
            raise RuntimeError("protoc failed; what it said is above")
