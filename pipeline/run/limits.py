"""Bounds on what one document may take, so that a runaway ends as a failure and not the night.

Time is bounded by a signal where the system has interval timers and the work is done in the main thread (as it is in
this process and in joblib's workers), else by a second thread (as on Dask's workers), which ends what is written in
Python, but no call of C before it returns. Memory is bounded where the system bounds the data of a process.
"""

import ctypes
import signal
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
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


def _time(name: str, seconds: float) -> AbstractContextManager[None]:
    late = TooSlow(name, f"it takes more than {seconds:g} s", "Report it with the file; all others are done")
    main = threading.current_thread() is threading.main_thread()
    return (_alarm if main and hasattr(signal, "setitimer") else _watch)(late, seconds)


@contextmanager
def _alarm(late: TooSlow, seconds: float) -> Iterator[None]:
    def stop(number: int, frame: FrameType | None) -> NoReturn:
        raise late

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def _watch(late: TooSlow, seconds: float) -> Iterator[None]:
    class Late(TooSlow):
        """Without arguments: one thread cannot give any to what it raises in another."""

        def __init__(self) -> None:
            super().__init__(*late.args)

    Late.__name__ = TooSlow.__name__
    thread, lock, over = threading.get_ident(), threading.Lock(), False

    def stop() -> None:
        with lock:
            if not over:
                _raise(Late, thread)

    timer = threading.Timer(seconds, stop)
    timer.daemon = True
    try:
        timer.start()
        yield
    finally:
        timer.cancel()
        with lock:
            over = True
        _raise(None, thread)  # takes back what was raised and has not arrived


def _raise(error: type[BaseException] | None, thread: int) -> None:
    given = None if error is None else ctypes.py_object(error)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), given)


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
