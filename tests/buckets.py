"""A bucket for tests, on a real S3 server on loopback, and a door in front of it at which writers can be held up."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

PATIENCE_SECONDS = 20.0
"""Less than a client waits for an answer before it asks again."""


@dataclass
class Held:
    """A commit of which the answer is held up: it `is_done`, but who asked for it learns so only when it `may_go`."""

    place: str
    is_done: threading.Event = field(default_factory=threading.Event)
    may_go: threading.Event = field(default_factory=threading.Event)


class Door:
    """Lets requests through one by one: moto does in several steps, between its threads, what S3 does in one.

    It looks whether a key is there and stores it a moment later, and lists keys that are being deleted.

    It also stops a writer between two commits. Stopped before one, it would repeat that one, and LanceDB waits a
    multiple of what the first attempt took.
    """

    def __init__(self, application: Any) -> None:
        self._application = application
        self._answering = threading.Lock()
        self._held: Held | None = None

    @contextmanager
    def hold(self, place: str) -> Iterator[Held]:
        """Hold up who makes the next commit whose address contains `place`, when it is made."""
        held = self._held = Held(place)
        try:
            yield held
        finally:
            self._held = None
            held.may_go.set()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        with self._answering:
            answer = list(self._application(environ, start_response))
            held = self._held_up(environ)
        if held is not None:
            held.is_done.set()
            held.may_go.wait(PATIENCE_SECONDS)
        return answer

    def _held_up(self, environ: dict[str, Any]) -> Held | None:
        held = self._held
        if held is None or environ.get("HTTP_IF_NONE_MATCH") != "*" or held.place not in environ["PATH_INFO"]:
            return None
        self._held = None
        return held


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    """Return the way into an S3 server; whatever asks for S3 meanwhile, in this process or a child, is led there."""
    import httpx
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
    from s3fs import S3FileSystem
    from werkzeug.serving import make_server

    door = Door(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, door, threaded=True, request_handler=MotoRequestHandler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    with pytest.MonkeyPatch.context() as environment:
        for name, value in {
            "AWS_ENDPOINT_URL": address,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ALLOW_HTTP": "true",
        }.items():
            environment.setenv(name, value)
        # What servers before this one kept is still in the process.
        httpx.post(f"{address}/moto-api/reset").raise_for_status()
        # fsspec keeps file systems, with the address they had, for as long as the process lives.
        S3FileSystem.clear_instance_cache()
        yield door
        S3FileSystem.clear_instance_cache()
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def bucket(door: Door) -> str:
    """Return the URI of an empty bucket."""
    import boto3

    boto3.client("s3").create_bucket(Bucket="askdocs")
    return "s3://askdocs"
