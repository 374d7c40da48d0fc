"""Rules of the worker pool: results, errors, time limits and crashes each reach the one call that they belong to."""

import asyncio
import gc
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

import pytest

from ingest.errors import WorkerCrashedError, WorkersUnavailableError, WorkerTimeoutError
from ingest.workers import Workers
from tests.ingest.worker_calls import (
    add,
    die,
    fail,
    hang_deaf,
    leave,
    loaded_modules,
    niceness,
    pid,
    refuse,
    session_and_group,
    sleep,
    start_and_hang,
    swallow_memory,
)


def is_alive(process):
    """Whether it runs; a child that is dead but not yet buried does not."""
    with suppress(ChildProcessError):
        return os.waitid(os.P_PID, process, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def wait_until(condition):
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.fixture
async def workers():
    async with Workers(2) as pool:
        yield pool
    gc.collect()  # a socket left open would be an error here


async def test_result_comes_back(workers):
    """A call returns what its function returns."""
    assert await workers.run(add, 1, 2, timeout=20) == 3


async def test_big_results_and_arguments(workers):
    """The size of arguments and results is no matter."""
    big = b"x" * 20_000_000

    assert await workers.run(add, big, big, timeout=20) == big + big


async def test_errors_are_those_of_the_function(workers):
    """An exception arrives as its own type, with the place it was raised at as its cause."""
    with pytest.raises(ValueError, match="so it is") as caught:
        await workers.run(fail, "so it is", timeout=20)

    assert "in fail" in str(caught.value.__cause__)


async def test_errors_that_cannot_travel_are_named(workers):
    """An exception that cannot be pickled is not lost, and costs no worker."""
    with pytest.raises(RuntimeError, match="CorruptPdfError"):
        await workers.run(refuse, timeout=20)


@pytest.mark.parametrize("how", [signal.SIGSEGV, signal.SIGKILL, signal.SIGABRT], ids=lambda how: how.name)
async def test_crash_costs_one_call(workers, how):
    """When a process dies, its call fails with the reason; calls beside it and after it do not notice."""
    beside = asyncio.create_task(workers.run(sleep, 0.5, timeout=20))
    with pytest.raises(WorkerCrashedError, match=how.name):
        await workers.run(die, how, timeout=20)

    assert await beside == 0.5
    assert await asyncio.gather(*(workers.run(add, 1, 2, timeout=20) for _ in range(3))) == [3, 3, 3]


async def test_leaving_counts_as_a_crash(workers):
    """A process that exits in the middle of a call says how."""
    with pytest.raises(WorkerCrashedError, match="exit code 7"):
        await workers.run(leave, timeout=20)


async def test_hang_is_killed_for_real(workers):
    """A call over its limit ends in time, also when its process ignores polite requests to stop; the pool goes on."""
    process = await workers.run(pid, timeout=20)
    start = time.monotonic()
    with pytest.raises(WorkerTimeoutError, match=r"0\.3 seconds"):
        await workers.run(hang_deaf, timeout=0.3)

    assert time.monotonic() - start < 5
    assert not is_alive(process)
    assert await workers.run(add, 1, 2, timeout=20) == 3


async def test_memory_is_limited(workers):
    """A call that wants more memory than a worker may have fails by itself."""
    with pytest.raises(MemoryError):
        await workers.run(swallow_memory, timeout=20)


async def test_death_between_calls_is_not_noticed(workers):
    """A worker killed while idle (the system needed memory) is replaced before the next call."""
    process = await workers.run(pid, timeout=20)
    os.kill(process, signal.SIGKILL)
    await asyncio.to_thread(wait_until, lambda: not is_alive(process))

    assert await workers.run(pid, timeout=20) != process


async def test_cancelling_ends_the_process(workers, tmp_path):
    """A cancelled call stops working, and its place in the pool is free again."""
    mark = tmp_path / "pid"
    call = asyncio.create_task(workers.run(start_and_hang, mark, timeout=600))
    await asyncio.to_thread(wait_until, lambda: mark.exists() and mark.read_text())
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call

    assert await asyncio.gather(*(workers.run(add, 1, 2, timeout=20) for _ in range(2))) == [3, 3]
    assert not is_alive(int(mark.read_text()))


async def test_more_calls_than_workers(workers):
    """Calls wait for a free worker, and the wait does not count as theirs."""
    results = await asyncio.gather(*(workers.run(sleep, 0.2, timeout=1.5) for _ in range(20)))

    assert results == [0.2] * 20


async def test_closing_ends_everything():
    """Leaving the pool ends its processes, busy or not, and tells every caller that it was not the call's fault."""
    async with Workers(2) as workers:
        processes = set(await asyncio.gather(*(workers.run(pid, timeout=20) for _ in range(2))))
        calls = [asyncio.create_task(workers.run(sleep, 600, timeout=600)) for _ in range(5)]
        await asyncio.sleep(0.1)
    for call in calls:
        with pytest.raises(WorkersUnavailableError):
            await call
    with pytest.raises(WorkersUnavailableError):
        await workers.run(pid, timeout=20)

    assert not any(map(is_alive, processes))


async def test_workers_start_light_and_humble(workers):
    """A worker loads nothing heavy before it is asked to, and leaves the processor to others."""
    modules = await workers.run(loaded_modules, timeout=20)

    assert not {"lancedb", "llama_index", "numpy", "pydantic", "asyncio", "pypdfium2"} & modules
    assert len(modules) < 250
    assert await workers.run(niceness, timeout=20) > os.nice(0)


async def test_workers_share_the_session_and_not_the_terminal(workers):
    """A worker's niceness counts beside its parent only within one session; Ctrl-C reaches a group of processes."""
    session, group = await workers.run(session_and_group, timeout=20)

    assert session == os.getsid(0)
    assert group != os.getpgid(0)


async def test_no_process_can_be_started(monkeypatch):
    """A machine that starts no processes is not taken for a call that crashes."""
    monkeypatch.setattr(sys, "executable", "/bin/false")
    async with Workers(1) as workers:
        with pytest.raises(WorkersUnavailableError):
            await workers.run(pid, timeout=20)


ORPHANING = """
import asyncio, sys
from ingest.workers import Workers
from tests.ingest.worker_calls import start_and_hang

async def main():
    async with Workers(1) as workers:
        await workers.run(start_and_hang, sys.argv[1], timeout=600)

asyncio.run(main())
"""


def test_workers_die_with_their_parent(tmp_path):
    """When the parent is killed, its workers end too, even in the middle of a call."""
    mark = tmp_path / "pid"
    with subprocess.Popen([sys.executable, "-c", ORPHANING, str(mark)]) as parent:
        wait_until(lambda: mark.exists() and mark.read_text())
        parent.kill()
    wait_until(lambda: not is_alive(int(mark.read_text())))
