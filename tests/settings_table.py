"""Writes `config.yaml`, and the README's table of the settings that most teams look at first.

`python -m tests.settings_table`
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import yaml
from pydantic import BaseModel

from bot.settings import SECRETS, Settings

ROOT = Path(__file__).parent.parent
START, END = "<!-- settings: written by `python -m tests.settings_table` -->", "<!-- end of settings -->"

MOST_ASKED_FOR = (
    "models",
    "embedding.provider",
    "access.public_uploads",
    "limits.person_per_minute",
    "slack.watched",
    "slack.mode",
    "discord.message_content",
)


def config_yaml() -> str:
    lines = [
        "# Every setting with its default. Any of them can be overridden in the environment as ASKDOCS_SECTION__KEY;",
        "# secrets and hosts are read from the environment or .env only (README.md has their names).",
    ]
    for section, keys in sections():
        if section:
            lines += ["", f"{section}:"]
        indent = "  " if section else ""
        for key, default, description in keys:
            lines.append(f"{indent}{key}: {_as_yaml(default)}  # {description}")
    return "\n".join(lines) + "\n"


def readme_table() -> str:
    known = {
        f"{section}.{key}" if section else key: (default, description)
        for section, keys in sections()
        for key, default, description in keys
    }
    rows = [f"| `{name}` | `{_as_yaml(known[name][0])}` | {known[name][1]} |" for name in MOST_ASKED_FOR]
    return "\n".join(["| key | default | what it does |", "| --- | --- | --- |", *rows])


def sections() -> Iterator[tuple[str, list[tuple[str, object, str]]]]:
    """Yield the keys of the top level first (section ""), then each section with its keys, default and description."""
    top = []
    nested = []
    defaults = Settings().model_dump(mode="json")
    for name, field in Settings.model_fields.items():
        if name in SECRETS.values():
            continue
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            nested.append(
                (
                    name,
                    [(key, defaults[name][key], child.description or "") for key, child in kind.model_fields.items()],
                )
            )
        else:
            top.append((name, defaults[name], field.description or ""))
    yield "", top
    yield from nested


def _as_yaml(value: object) -> str:
    text = yaml.safe_dump(value, default_flow_style=True, width=1_000, allow_unicode=True)
    return text.removesuffix("\n").removesuffix("\n...")


def put_into_readme(readme: str) -> str:
    pattern = re.compile(re.escape(START) + r".*?" + re.escape(END), re.DOTALL)
    return pattern.sub(lambda _: f"{START}\n{readme_table()}\n{END}", readme)


if __name__ == "__main__":
    (ROOT / "config.yaml").write_text(config_yaml(), "utf-8")
    readme = ROOT / "README.md"
    readme.write_text(put_into_readme(readme.read_text("utf-8")), "utf-8")
