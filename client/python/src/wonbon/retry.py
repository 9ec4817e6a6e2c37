"""When a failed call is made again, and how long to wait before; the rules of the C++ client."""

from __future__ import annotations

import math
import random
import time
from dataclasses import dataclass

from wonbon.errors import DeadlineExceeded, ResourceExhausted, Unavailable, WonbonError


@dataclass(frozen=True)
class CallOptions:
    """How one call is made; times in seconds.

    Every rpc of wonbon may be repeated: a repeated submission is UNCHANGED, a repeated deletion
    answers the same tombstone.
    """

    #: From the first attempt to the answer, waits included. Past it: the error of the last attempt.
    timeout: float = 30.0
    #: One attempt.
    attempt_timeout: float = 30.0
    #: Attempts of one call, the first included.
    max_attempts: float = 5
    #: The wait before attempt n + 1 is initial_backoff * multiplier ** (n - 1), at most max_backoff,
    #: then up to `jitter` longer or shorter at random, and never less than the server asked for.
    initial_backoff: float = 0.1
    max_backoff: float = 5.0
    multiplier: float = 1.6
    jitter: float = 0.2
    #: No attempt begins later than this after the first one failed.
    give_up_after: float = math.inf
    #: Also where an attempt took longer than attempt_timeout.
    retry_deadline_exceeded: bool = False


DEFAULT_CALL = CallOptions()


def patient(give_up_after: float) -> CallOptions:
    """For work that should get through a restart of the server: as many attempts as it takes."""
    return CallOptions(
        timeout=math.inf,
        max_attempts=math.inf,
        give_up_after=give_up_after,
        max_backoff=2.0,
        retry_deadline_exceeded=True,
    )


def is_retryable(error: WonbonError, options: CallOptions) -> bool:
    if isinstance(error, ResourceExhausted):
        return error.retry_after is not None  # a limit that passes with time says when
    if isinstance(error, DeadlineExceeded):
        return options.retry_deadline_exceeded
    return isinstance(error, Unavailable)


class Attempts:
    """The attempts of one call. Not thread-safe."""

    def __init__(self, options: CallOptions) -> None:
        self._options = options
        self._deadline = time.monotonic() + options.timeout
        self.begin_anew()

    def begin_anew(self) -> None:
        """The next failure is the first of a new outage."""
        self._failures = 0
        self._give_up = self._deadline
        self._backoff = self._options.initial_backoff

    def timeout(self) -> float | None:
        """Of the next attempt; None: it has none."""
        left = max(0.0, self._deadline - time.monotonic())
        seconds = min(self._options.attempt_timeout, left)
        return None if math.isinf(seconds) else seconds

    def wait_after(self, error: WonbonError) -> float:
        """Seconds to wait before the next attempt; raises the error where there is to be none."""
        options, now = self._options, time.monotonic()
        self._failures += 1
        if self._failures == 1:
            self._give_up = min(self._deadline, now + options.give_up_after)
        wait = min(self._backoff, options.max_backoff)
        wait *= random.uniform(1 - options.jitter, 1 + options.jitter)
        self._backoff = min(self._backoff * options.multiplier, options.max_backoff)
        if error.retry_after is not None and wait < error.retry_after:
            # Clients that were turned away together must not come back together.
            wait = error.retry_after * random.uniform(1, 1 + options.jitter)
        if (
            not is_retryable(error, options)
            or self._failures >= options.max_attempts
            or now + wait >= self._give_up
        ):
            raise error
        return wait
