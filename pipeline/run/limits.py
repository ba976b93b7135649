"""Bounds on what one document may take, so that a runaway ends as a failure and not the night.

Time is bounded where the system has interval timers and the work is done in the main thread (as it is in this
process and in joblib's workers); memory where the system bounds the data of a process. Elsewhere the bounds are off.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NamedTuple, NoReturn

from pipeline.errors import TooMuchMemory, TooSlow


class Limits(NamedTuple):
    """Of one document. The slowest of ten thousand real and authored policies takes under 2 s and 50 MB."""

    seconds: float = 60.0
    megabytes: int = 1500


LIMITS = Limits()


@contextmanager
def bounded(name: str, limits: Limits) -> Iterator[None]:
    """Raises `TooSlow` or `TooMuchMemory` inside where the work on document `name` goes beyond `limits`."""
    try:
        with _memory(limits.megabytes), _time(name, limits.seconds):
            yield
    except MemoryError as error:
        raise TooMuchMemory(
            name, f"it takes more than {limits.megabytes} MB", "Report it with the file; all others are done"
        ) from error


@contextmanager
def _time(name: str, seconds: float) -> Iterator[None]:
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: FrameType | None) -> NoReturn:
        raise TooSlow(name, f"it takes more than {seconds:g} s", "Report it with the file; all others are done")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def _memory(megabytes: int) -> Iterator[None]:
    used = _data()
    if used is None:
        yield
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    bound = used + megabytes * 1_000_000
    resource.setrlimit(resource.RLIMIT_DATA, (bound if hard == resource.RLIM_INFINITY else min(bound, hard), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _data() -> int | None:
    """Bytes of data that this process has, `None` where the system does not say or cannot bound them."""
    try:
        with open("/proc/self/status", encoding="ascii") as handle:  # noqa: PTH123  # no file of a user
            return next(int(line.split()[1]) * 1024 for line in handle if line.startswith("VmData"))
    except (OSError, StopIteration):
        return None


def peak_megabytes() -> int:
    """Most memory that this process has held so far, 0 where the system does not say."""
    try:
        import resource
    except ImportError:
        return 0
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
