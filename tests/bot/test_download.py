"""Which addresses are a platform's own, and which lie beside what stands in for it."""

from __future__ import annotations

import pytest

from bot.download import lies_beside, lies_with

STAND_IN = "http://127.0.0.1:8080/api/v10"


@pytest.mark.parametrize(
    ("url", "with_it", "beside_it"),
    [
        pytest.param("https://cdn.example.com/a.pdf", True, False, id="the platform's own"),
        pytest.param("https://cdn.example.com:444/a.pdf", False, False, id="its name with a port"),
        pytest.param("http://127.0.0.1:8080/a.pdf", True, True, id="the stand-in itself"),
        pytest.param("http://127.0.0.1:9090/a.pdf", False, True, id="another port there"),
        pytest.param("http://localhost:9090/a.pdf", False, True, id="its other name"),
        pytest.param("http://[::1]:9090/a.pdf", False, True, id="its newer name"),
        pytest.param("http://10.0.0.1:8080/a.pdf", False, False, id="another machine"),
        pytest.param("a.pdf", False, False, id="no address"),
    ],
)
def test_where_a_file_may_lie(url: str, with_it: bool, beside_it: bool):
    """With the platform is what it or its stand-in serves; beside it, any port of the stand-in's machine."""
    assert lies_with(url, STAND_IN, {"cdn.example.com"}.__contains__) is with_it
    assert lies_beside(url, STAND_IN) is beside_it


def test_nothing_lies_beside_a_platform_without_a_stand_in():
    """Where none is configured, loopback is as strange as any place."""
    assert not lies_beside("http://127.0.0.1:8080/a.pdf", "")
