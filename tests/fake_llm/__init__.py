"""A real HTTP server that speaks the wires of Groq, Google's OpenAI-compatible endpoint and any OpenAI-compatible host.

The unmodified SDKs talk to it on loopback. Answers come from a script (`enqueue`), else from the Sources in the prompt.
"""

from tests.fake_llm.quota import Quota
from tests.fake_llm.script import Reply
from tests.fake_llm.server import FakeLlm, model

__all__ = ["FakeLlm", "Quota", "Reply", "model"]
