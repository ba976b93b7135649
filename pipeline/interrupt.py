"""Ctrl-C that nothing swallows.

The `KeyboardInterrupt` that Python raises wherever the process happens to be is lost in a finaliser or callback, of
which every import has one, and where a library catches all; some raise an error of their own in its place. So it is
remembered as well, and raised again at the next safe point: between documents, chunks and steps of a run, and at the
end of a command.
"""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_asked = False
"""Whether the user wants to stop. No `Event`: a handler must not wait for the lock of what it interrupts."""


def check() -> None:
    """A safe point. Raises `KeyboardInterrupt` where Ctrl-C was pressed while it was `heard`."""
    if _asked:
        raise KeyboardInterrupt


@contextmanager
def heard() -> Iterator[None]:
    """The block ends with `KeyboardInterrupt` where Ctrl-C was pressed in it, whatever became of that inside.

    Does nothing off the main thread, and where another program deals with the signal or ignores it.
    """
    global _asked
    usual = signal.default_int_handler
    if threading.current_thread() is not threading.main_thread() or signal.getsignal(signal.SIGINT) is not usual:
        yield
        return
    complain = sys.unraisablehook
    sys.unraisablehook = lambda lost: None if lost.exc_type is KeyboardInterrupt else complain(lost)
    signal.signal(signal.SIGINT, _hear)
    try:
        try:
            yield
        finally:
            check()
    finally:
        signal.signal(signal.SIGINT, usual)
        sys.unraisablehook = complain
        _asked = False


@contextmanager
def held_back() -> Iterator[None]:
    """Ctrl-C in the block is dealt with after it, and never by a process that the block starts: it inherits that."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    from multiprocessing.resource_tracker import ensure_running

    ensure_running()  # where it is started in the block, it lets Ctrl-C through from there on
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _hear(number: int, frame: FrameType | None) -> None:
    global _asked
    _asked = True
    raise KeyboardInterrupt
