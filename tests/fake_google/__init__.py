"""A real HTTP server that speaks the wire of Google's embedding endpoints, quotas and error bodies included.

The unmodified SDKs talk to it on loopback: `async with FakeGoogle() as google`, then `GOOGLE_API_BASE=google.url`.
"""

from tests.fake_google.server import FakeGoogle

__all__ = ["FakeGoogle"]
