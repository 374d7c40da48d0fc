"""Calls that the tests of the worker pool make; apart from the tests, so that a worker need not load pytest."""

import os
import signal
import sys
import time
from pathlib import Path

from ingest.errors import CorruptPdfError


def add(a, b):
    return a + b


def pid():
    return os.getpid()


def loaded_modules():
    return set(sys.modules)


def fail(message):
    raise ValueError(message)


def refuse():
    raise CorruptPdfError  # cannot be pickled: its constructor takes no arguments


def die(how):
    os.kill(os.getpid(), how)


def leave():
    os._exit(7)


def sleep(seconds):
    time.sleep(seconds)
    return seconds


def hang_deaf():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while True:
        time.sleep(60)


def swallow_memory():
    return len(bytearray(1 << 36))


def start_and_hang(path):
    Path(path).write_text(str(os.getpid()))
    time.sleep(600)


def niceness():
    return os.nice(0)


def session_and_group():
    return os.getsid(0), os.getpgid(0)
