"""A bucket for tests, on a real S3 server on loopback."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """Return the URI of an empty bucket; whatever asks for S3 meanwhile, in this process or a child, is led there."""
    import boto3
    import httpx
    from moto.server import ThreadedMotoServer
    from s3fs import S3FileSystem

    with pytest.MonkeyPatch.context() as environment:
        server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
        server.start()
        host, port = server.get_host_and_port()
        for name, value in {
            "AWS_ENDPOINT_URL": f"http://{host}:{port}",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ALLOW_HTTP": "true",
        }.items():
            environment.setenv(name, value)
        # What servers before this one kept is still in the process.
        httpx.post(f"http://{host}:{port}/moto-api/reset").raise_for_status()
        boto3.client("s3").create_bucket(Bucket="askdocs")
        # fsspec keeps file systems, with the address they had, for as long as the process lives.
        S3FileSystem.clear_instance_cache()
        yield "s3://askdocs"
        S3FileSystem.clear_instance_cache()
        server.stop()
