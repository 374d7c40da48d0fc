"""All settings of the product, typed: ingest's and the bot's, from `config.yaml`, `.env` and the environment."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import ConfigDict, Field, SecretStr

from ingest import settings as ingest_settings
from ingest.settings import IngestSettings, Section

SECRETS: Mapping[str, str] = {
    **ingest_settings.SECRETS,
    "GROQ_API_KEY": "groq_api_key",
    "GROQ_BASE_URL": "groq_base_url",
    "OPENAI_API_KEY": "openai_api_key",
    "OPENAI_BASE_URL": "openai_base_url",
    "SLACK_BOT_TOKEN": "slack_bot_token",
    "SLACK_APP_TOKEN": "slack_app_token",
    "SLACK_SIGNING_SECRET": "slack_signing_secret",
    "SLACK_API_URL": "slack_api_url",
    "DISCORD_BOT_TOKEN": "discord_bot_token",
    "DISCORD_API_BASE": "discord_api_base",
    "DISCORD_GATEWAY_URL": "discord_gateway_url",
}


class RetrievalSettings(Section):
    sources: int = Field(8, ge=1, le=30, description="Pages given to the model.")
    candidates: int = Field(150, ge=10, le=1_000, description="Chunks fetched by each kind of search before fusion.")


class AccessSettings(Section):
    public_uploads: Literal["workspace", "channel"] = Field(
        "workspace", description="Who may read a PDF uploaded in a public channel: the whole workspace or that channel."
    )
    membership_seconds: float = Field(
        60.0, ge=0, le=600, description="How long it is remembered which private channels a person is in."
    )


class MemorySettings(Section):
    turns: int = Field(6, ge=0, le=50, description="Earlier questions of a thread that a follow-up may build on.")
    thread_hours: float = Field(
        72.0, gt=0, description="How long a thread's questions and answers are kept, for follow-ups and buttons."
    )
    log_days: float = Field(90.0, gt=0, description="How long the log of answers and the feedback are kept.")
    keep_questions: bool = Field(False, description="Keep the text of questions in the log of answers.")


class LimitSettings(Section):
    person_per_minute: float = Field(10.0, gt=0, description="Questions a person may ask in a minute.")
    workspace_per_minute: float = Field(60.0, gt=0, description="Questions a workspace may ask in a minute.")
    concurrent: int = Field(
        64,
        ge=1,
        le=1_000,
        description="Questions answered at once; the others queue. Mostly they wait for a model (see `quota`).",
    )
    queue: int = Field(50, ge=0, le=10_000, description="Questions that may wait; a further one is told to come back.")


class SlackSettings(Section):
    watched: tuple[str, ...] = Field(
        (), description="Channels, by name or id, whose PDFs are indexed; `/askdocs watch` adds to them."
    )
    mode: Literal["socket", "http"] = Field(
        "socket", description="How events come: over a socket that we open, or as signed requests to us."
    )
    host: str = Field("127.0.0.1", description="Where requests are taken in http mode.")
    port: int = Field(3_000, ge=1, le=65_535, description="Their port; the path is /slack/events.")
    edit_seconds: float = Field(
        3.0, ge=0, description="Time between two edits of a message, where the workspace has no streams."
    )
    silence_seconds: float = Field(
        300.0, ge=1, description="A socket over which nothing came for this long is replaced by a new one."
    )
    stop_seconds: float = Field(
        10.0, ge=0, description="How long a stop waits for answers that are being written; then others go on."
    )


class DiscordSettings(Section):
    watched: tuple[str, ...] = Field(
        (), description="Channels, by name or id, whose PDFs are indexed; `/askdocs watch` adds to them."
    )
    threads: bool = Field(False, description="Answer a question asked in a channel in a thread of its own.")
    guilds: tuple[str, ...] = Field(
        (), description="Ids of the guilds that get the commands, at once; none: all guilds, as Discord spreads them."
    )
    message_content: bool = Field(
        True, description="Ask for the message-content intent; without it I hear only mentions, commands and DMs."
    )
    stop_seconds: float = Field(
        10.0, ge=0, description="How long a stop waits for answers that are being written; then others go on."
    )


class MonitoringSettings(Section):
    host: str = Field("127.0.0.1", description="Where /healthz and /metrics listen; they have no password.")
    port: int = Field(9464, ge=0, le=65_535, description="Their port; 0 switches them off.")


class AnswerSettings(Section):
    max_question_characters: int = Field(4_000, ge=100, description="A longer question is refused with a sentence.")
    max_completion_tokens: int = Field(
        1_024, ge=128, description="Longest answer; reserved from the tokens-per-minute allowance."
    )
    strictness: float = Field(
        0.5,
        ge=0.2,
        le=1.0,
        description="Share of a sentence's content words that its cited passage must hold.",
    )
    timeout_seconds: float = Field(60.0, gt=0, description="A model that is silent for this long has failed.")


class QuotaSettings(Section):
    tokens_per_minute: float = Field(
        8_000, ge=0, description="Groq's allowance for one model, until its answers tell the real one; 0: unlimited."
    )
    requests_per_minute: float = Field(30, ge=0, description="The same, in requests.")
    tokens_per_day: float = Field(200_000, ge=0, description="The same, for a day.")
    requests_per_day: float = Field(1_000, ge=0, description="The same, for a day.")
    other_tokens_per_minute: float = Field(
        0, ge=0, description="Allowance at Google or another host; 0: unlimited, or known only by its refusals."
    )
    other_requests_per_minute: float = Field(0, ge=0, description="The same, in requests.")
    other_requests_per_day: float = Field(0, ge=0, description="The same, for a day.")
    concurrent: int = Field(
        4, ge=0, description="Requests at once at a host that tells no allowance, until it is seen to keep up; 0: any."
    )
    context_tokens: int = Field(
        0, ge=0, description="Prompt and answer together, in tokens; 0: what the host tells, else 8,192."
    )
    patience_seconds: float = Field(
        90.0, ge=0, description="Rather than wait longer for an allowance, a question goes to the next model."
    )
    waiting: int = Field(100, ge=1, description="Questions that may wait for one model's allowance.")


class Settings(IngestSettings):
    """Everything; a key of `config.yaml` that is not here stops the start."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    retrieval: RetrievalSettings = RetrievalSettings()
    answer: AnswerSettings = AnswerSettings()
    access: AccessSettings = AccessSettings()
    memory: MemorySettings = MemorySettings()
    limits: LimitSettings = LimitSettings()
    quota: QuotaSettings = QuotaSettings()
    monitoring: MonitoringSettings = MonitoringSettings()
    slack: SlackSettings = SlackSettings()
    discord: DiscordSettings = DiscordSettings()
    models: tuple[str, ...] = Field(
        ("groq/gemma*", "groq/openai/gpt-oss-20b", "groq/*", "google/gemma*", "openai/*", "extractive"),
        description="Models in order of preference, as provider/name; the first that the account is served answers.",
    )

    groq_api_key: SecretStr = SecretStr("")
    groq_base_url: str = ""
    openai_api_key: SecretStr = SecretStr("")
    openai_base_url: str = ""
    slack_bot_token: SecretStr = SecretStr("")
    slack_app_token: SecretStr = SecretStr("")
    slack_signing_secret: SecretStr = SecretStr("")
    slack_api_url: str = ""
    discord_bot_token: SecretStr = SecretStr("")
    discord_api_base: str = ""
    discord_gateway_url: str = ""


def load_settings(config: Path | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """Read the configuration; see `ingest.settings.load`."""
    return ingest_settings.load(Settings, SECRETS, config, environ)
