"""Settings of ingest, read once from `config.yaml` and the environment; `bot/settings.py` adds its own sections."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar

import yaml
from dotenv import dotenv_values
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

PREFIX = "ASKDOCS_"

SECRETS: Mapping[str, str] = {
    "DATABASE_URL": "database_url",
    "GOOGLE_API_KEY": "google_api_key",
    "GOOGLE_API_BASE": "google_api_base",
}
"""Environment variables with usual names of their own → the setting they fill."""


class SettingsError(Exception):
    """The configuration is wrong; the text says where and what to do."""


class Section(BaseModel):
    """A part of `config.yaml`: frozen, and a key that it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class IndexSettings(Section):
    uri: str = Field("", description="Folder or s3:// address of the LanceDB index; empty: `index` in the data folder.")
    read_consistency_seconds: float = Field(
        1.0, ge=0, description="A running bot sees what another process indexed after at most this long."
    )
    vector_index_rows: int = Field(
        5_000, ge=1_000, description="From this many chunks on, an approximate vector index is built."
    )


class FilesSettings(Section):
    uri: str = Field("", description="Folder or s3:// address of the originals; empty: `files` in the data folder.")


class ExtractionSettings(Section):
    workers: int = Field(0, ge=0, le=64, description="Worker processes that read PDFs; 0: one for each processor core.")
    page_timeout_seconds: float = Field(20.0, gt=0, description="A page that takes longer is reported as unreadable.")
    max_pages: int = Field(10_000, ge=1, description="A PDF with more pages is refused.")
    max_megabytes: int = Field(200, ge=1, description="A larger file is refused.")
    ocr: bool = Field(
        True, description="Read pages without text from their picture, where the extra `ocr` is installed."
    )
    ocr_timeout_seconds: float = Field(
        180.0,
        gt=0,
        description="A page whose picture takes longer to read stays without text; most take a few seconds.",
    )


class EmbeddingSettings(Section):
    provider: Literal["local", "google", "gemini-legacy", "onnx"] = Field(
        "local", description="Who computes the vectors; another one needs `askdocs reindex`."
    )
    model: str = Field(
        "", description="Model name (google, gemini-legacy) or folder (onnx); empty: the provider's default."
    )
    dimensions: int = Field(
        768, ge=64, le=3072, description="Size of Google's vectors; shorter ones are cut and normalised."
    )
    requests_per_minute: int = Field(100, ge=1, description="Google counts each text as one request.")
    tokens_per_minute: int = Field(30_000, ge=1_000, description="Google's allowance for embedding.")
    requests_per_day: int = Field(1_000, ge=1, description="Google's allowance for embedding.")
    onnx_pooling: Literal["mean", "cls"] = Field("mean", description="How an `onnx` model's token vectors become one.")
    onnx_query_prefix: str = Field("", description="Put before a question, where an `onnx` model wants it.")
    onnx_document_prefix: str = Field("", description="Put before a passage, where an `onnx` model wants it.")
    onnx_max_tokens: int = Field(512, ge=32, description="Longest input of an `onnx` model.")


class ChunkingSettings(Section):
    max_tokens: int = Field(
        220,
        ge=64,
        le=2_000,
        description="Size of a chunk in tokens of the embedding model, context line included.",
    )


class JobsSettings(Section):
    concurrency: int = Field(2, ge=1, le=64, description="Uploads that one process works on at the same time.")
    per_minute: int = Field(0, ge=0, description="Uploads started in a minute by all processes; 0: no limit.")
    keep_days: float = Field(7.0, gt=0, description="How long finished and failed uploads stay listed.")


class IngestSettings(Section):
    """Everything that ingest reads. Sections of `config.yaml` that belong to the bot are not its concern."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    data_dir: Path = Field(
        Path("data"), description="Where everything local is kept: index, originals, database, caches."
    )
    index: IndexSettings = IndexSettings()
    files: FilesSettings = FilesSettings()
    extraction: ExtractionSettings = ExtractionSettings()
    chunking: ChunkingSettings = ChunkingSettings()
    embedding: EmbeddingSettings = EmbeddingSettings()
    jobs: JobsSettings = JobsSettings()

    database_url: SecretStr = SecretStr("")
    google_api_key: SecretStr = SecretStr("")
    google_api_base: str = ""

    @property
    def index_uri(self) -> str:
        return self.index.uri or str(self.data_dir / "index")

    @property
    def files_uri(self) -> str:
        return self.files.uri or str(self.data_dir / "files")

    @property
    def resolved_database_url(self) -> str:
        """SQLAlchemy URL of state, jobs and the vector cache."""
        return self.database_url.get_secret_value() or f"sqlite:///{(self.data_dir / 'askdocs.sqlite').absolute()}"


S = TypeVar("S", bound=IngestSettings)


def load_ingest_settings(config: Path | None = None, environ: Mapping[str, str] | None = None) -> IngestSettings:
    """Read `config.yaml`, then `.env`, then the environment; later ones win."""
    return load(IngestSettings, SECRETS, config, environ)


def load(model: type[S], secrets: Mapping[str, str], config: Path | None, environ: Mapping[str, str] | None) -> S:
    """Build `model` from the configuration file and the environment.

    `config` defaults to `config.yaml` in the working folder (or `ASKDOCS_CONFIG`), and may be absent. `environ`
    defaults to `.env` in the working folder below the process's environment.

    Raises:
        SettingsError: a key is unknown or a value does not fit; the text has the path of every such key.
    """
    if environ is None:
        dotenv = {key: value for key, value in dotenv_values(".env").items() if value is not None}
        environ = {**dotenv, **os.environ}
    path = config or Path(environ.get(f"{PREFIX}CONFIG", "config.yaml"))
    if not path.exists() and (config is not None or f"{PREFIX}CONFIG" in environ):
        raise SettingsError(f"There is no configuration file {path}.")
    values = _from_yaml(path, secrets)
    _overlay(values, environ, secrets)
    try:
        return model.model_validate(values)
    except ValidationError as error:
        problems = "\n".join(
            f"  {'.'.join(str(part) for part in problem['loc'])}: {problem['msg']}"
            for problem in error.errors(include_input=False, include_url=False)
        )
        raise SettingsError(f"The configuration is not right ({path} or the environment):\n{problems}") from None


def _from_yaml(path: Path, secrets: Mapping[str, str]) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        values = yaml.safe_load(path.read_text("utf-8")) or {}
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not valid YAML: {error}") from None
    if not isinstance(values, dict):
        raise SettingsError(f"{path} has to hold `key: value` lines.")
    misplaced = sorted(set(values) & set(secrets.values()))
    if misplaced:
        raise SettingsError(f"{path} holds {misplaced[0]}: secrets and hosts belong into the environment or .env.")
    return values


def _overlay(values: dict[str, Any], environ: Mapping[str, str], secrets: Mapping[str, str]) -> None:
    """Put `ASKDOCS_SECTION__KEY` and the variables with names of their own into `values`, in place."""
    for name, field in secrets.items():
        if environ.get(name):
            values[field] = environ[name]
    for name, text in environ.items():
        if not name.startswith(PREFIX) or name == f"{PREFIX}CONFIG":
            continue
        *sections, key = name.removeprefix(PREFIX).lower().split("__")
        target = values
        for section in sections:
            child = target.setdefault(section, {})
            if not isinstance(child, dict):
                raise SettingsError(f"{name}: {section} has no keys.")
            target = child
        target[key] = _parse(text)


def _parse(text: str) -> object:
    """Read lists and mappings as YAML; everything else is left to pydantic, which knows the type it wants."""
    if text.lstrip().startswith(("[", "{")):
        try:
            return yaml.safe_load(text)
        except yaml.YAMLError:
            return text
    return text
