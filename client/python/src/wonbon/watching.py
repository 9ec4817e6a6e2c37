"""The position of a watch: what Client.watch and AsyncClient.watch share."""

from __future__ import annotations

import grpc

from wonbon import limits
from wonbon.errors import OutOfRange, Unavailable, WonbonError, unavailable
from wonbon.retry import Attempts, patient
from wonbon.v1.dedup_service_pb2 import WatchClustersRequest, WatchClustersResponse


class Position:
    """Where a watch goes on after it broke off. Not thread-safe."""

    def __init__(
        self, collection: str, resume_after: int | None, store_id: str, give_up_after: float
    ) -> None:
        self.request = WatchClustersRequest(collection=collection, after_sequence=resume_after)
        self._store_id = store_id
        self._give_up_after = give_up_after
        # An address where nobody ever was is said, not waited for.
        self._attempts = Attempts(patient(min(give_up_after, 60.0)))

    def heard(self, response: WatchClustersResponse) -> None:
        """OutOfRange: the server has another store than the position is of."""
        if response.store_id and self._store_id not in ("", response.store_id):
            raise OutOfRange(
                f"the server has another store ({response.store_id}, before {self._store_id}), "
                f"where sequence {self.request.after_sequence} is not the same change: "
                "list the clusters and begin anew",
                code=grpc.StatusCode.OUT_OF_RANGE,
                reason="STORE_CHANGED",
            )
        self._store_id = response.store_id or self._store_id
        self.request.after_sequence = response.sequence
        self._attempts = Attempts(patient(self._give_up_after))

    def wait_after(self, error: WonbonError | None) -> float:
        """Seconds to wait before the stream is begun anew; raises the error where it is not to be.

        None: the server ended the stream without one, as it does when it shuts down.
        """
        return self._attempts.wait_after(error or unavailable("the server ended the stream"))


def gone_quiet() -> Unavailable:
    return unavailable(f"no sign of life for {limits.MAX_WATCH_SILENCE:g} s")
