"""Chunks of work over processes of this machine (joblib's loky), over a Dask cluster, or in this process.

At most two chunks a process are handed out at a time, so memory does not grow with the number of documents. When a
process dies, what it may have worked on is done again document by document; the one that kills its process once more
is a failure.
"""

import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from pipeline import interrupt
from pipeline.errors import SettingsError, WorkerKilled
from pipeline.run.task import Done, Settings, Task, failed
from pipeline.run.work import work

CHUNK = 64
"""Documents of a chunk at most: what a crash loses, and a batch large enough to be read quickly."""

CHUNK_BYTES = 2_000_000
"""Bytes of the files of a chunk at most, unless one alone has more."""

LEAST = 50_000
"""Bytes from which a chunk is worth handing out: a third of a second of work."""

WAIT = 20
"""Seconds to wait for a scheduler."""

WATCH = 1
"""Seconds between two looks of a worker at whether its run still lives."""

WORTHWHILE = 1_000_000
"""Bytes from which starting two processes (1.5 s each) pays: one process does some 150,000 a second."""


def chunks(tasks: Sequence[Task], processes: int = 1) -> list[list[Task]]:
    """Tasks in order, in chunks: of what is left for several processes half a share each, so that the last chunks are
    small and none waits long for another to end.
    """
    made: list[list[Task]] = []
    left = sum(task.size for task in tasks)
    size, share = 0, 0.0
    for task in tasks:
        if not made or len(made[-1]) >= CHUNK or size >= share or size + task.size > CHUNK_BYTES:
            share = CHUNK_BYTES if processes == 1 else max(LEAST, left / (2 * processes))
            made.append([])
            size = 0
        made[-1].append(task)
        size, left = size + task.size, left - task.size
    return made


def spread(tasks: Sequence[Task], settings: Settings, jobs: int | None, scheduler: str | None) -> Iterator[Done]:
    """Does all tasks; yields what came of each chunk as it is done. `jobs`: processes, `None` for what pays."""
    if scheduler:
        yield from _handed_out(chunks(tasks), settings, lambda: _dask(scheduler))
        return
    jobs = jobs or max(1, min(_cores(), 2 * sum(task.size for task in tasks) // WORTHWHILE))
    parts = chunks(tasks, jobs)
    if min(jobs, len(parts)) <= 1:
        yield from (work(part, settings) for part in parts)
    else:
        yield from _handed_out(parts, settings, lambda: _processes(min(jobs, len(parts))))


Executors = Callable[[], AbstractContextManager[tuple[Executor, int]]]
"""Makes an executor, and says how many tasks it works on at a time."""


def _handed_out(parts: Sequence[list[Task]], settings: Settings, executors: Executors) -> Iterator[Done]:
    left, suspects = list(parts), []
    while left:
        with executors() as (executor, workers):
            left, lost = yield from _until_one_dies(executor, workers, left, settings)
        suspects += [task for part in lost for task in part]
    while suspects:
        with executors() as (executor, _):
            yield from _one_by_one(executor, suspects, settings)


def _until_one_dies(
    executor: Executor, workers: int, parts: list[list[Task]], settings: Settings
) -> Generator[Done, None, tuple[list[list[Task]], list[list[Task]]]]:
    """Yields what is done; returns the chunks that were not handed out, and those that were lost with a process."""
    waiting = deque(parts)
    running: dict[Future[Done], list[Task]] = {}
    lost: list[list[Task]] = []
    while True:
        while waiting and not lost and len(running) < 2 * workers:
            part = waiting.popleft()
            try:
                running[executor.submit(work, part, settings)] = part
            except BrokenExecutor:
                lost.append(part)
        if not running:
            return list(waiting), lost
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            part = running.pop(future)
            error = future.exception()
            if error is None:
                yield future.result()
            elif _died(error):
                lost.append(part)
            else:
                raise error


def _one_by_one(executor: Executor, suspects: list[Task], settings: Settings) -> Iterator[Done]:
    """Does tasks, taking them off the list, until one kills its process."""
    while suspects:
        task = suspects.pop(0)
        try:
            yield executor.submit(work, [task], settings).result()
        except Exception as error:
            if not _died(error):
                raise
            killed = WorkerKilled(
                task.document.name, "the process that worked on it died", "Report it with the file; all others are done"
            )
            yield Done(failed=[failed(task, "ingest", killed, settings.fingerprints)], documents=1)
            return


def _died(error: BaseException) -> bool:
    return isinstance(error, BrokenExecutor) or type(error).__name__ == "KilledWorker"  # the latter is Dask's


@contextmanager
def _processes(jobs: int) -> Iterator[tuple[Executor, int]]:
    from joblib.externals.loky import ProcessPoolExecutor

    executor = ProcessPoolExecutor(max_workers=jobs, initializer=_serve, initargs=(os.getpid(),))
    try:
        with interrupt.held_back():
            executor.submit(os.getpid)  # starts all processes
        yield executor, jobs
    finally:
        executor.shutdown(kill_workers=True)


def _serve(run: int) -> None:
    """What a worker does besides its work, for the process `run` that hands it out.

    Ctrl-C reaches every process of a terminal: the run deals with it. Where the run is killed the worker ends, too: it
    would wait for work for ever, and hold its memory.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_after, args=(run,), daemon=True).start()


def _end_after(run: int) -> None:
    while os.getppid() == run:
        time.sleep(WATCH)
    os._exit(1)


@contextmanager
def _dask(scheduler: str) -> Iterator[tuple[Executor, int]]:
    try:
        from distributed import Client as Untyped
    except ImportError as error:
        raise SettingsError(
            "--scheduler", "Dask is not installed", "Install it with: pip install vnpolicy[dask]"
        ) from error
    Client: Any = Untyped  # noqa: N806  # a class
    try:
        client = Client(scheduler, timeout=WAIT)
    except (OSError, ValueError) as error:
        raise SettingsError(
            scheduler,
            f"no scheduler answers there ({error})",
            "Start one with: dask scheduler, and workers with: dask worker",
        ) from error
    with client:
        yield client.get_executor(pure=False), max(1, sum(client.nthreads().values()))


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
