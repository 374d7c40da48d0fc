"""Which providers are set up: settings → hosts with their limits, and the chain over them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from ipaddress import ip_address
from urllib.parse import urlsplit

from bot.models import ChatModel
from bot.models.catalogue import Catalogue, is_pattern
from bot.models.chain import EXTRACTIVE, Chain
from bot.models.groq import GroqHost
from bot.models.hosted import Budget, HostedModel
from bot.models.openai_compatible import GOOGLE_BASE_URL, OpenAICompatibleHost
from bot.models.quota import Allowance, Limits
from bot.models.streaming import Host, Served, Silence
from bot.settings import Settings
from ingest.settings import SettingsError

_LOCAL_PATIENCE = 3
_PROVIDERS = {
    "groq": "GROQ_API_KEY is not set.",
    "google": "GOOGLE_API_KEY is not set.",
    "openai": "Neither OPENAI_BASE_URL nor OPENAI_API_KEY is set.",
}


def build_chain(settings: Settings, extractive: ChatModel, *, clock: Callable[[], float] = time.monotonic) -> Chain:
    """Return the chain of `models:`; nothing is imported or connected before it is used.

    Raises:
        SettingsError: a line of `models:` names no provider.
    """
    _check(settings.models)
    hosts = _hosts(settings)
    missing = {provider: reason for provider, reason in _PROVIDERS.items() if provider not in hosts}
    if not settings.openai_base_url:
        # With only a key, a pattern would pick any of OpenAI's models, and send it what the team never meant to send.
        only = "OPENAI_BASE_URL is not set; for OpenAI itself, `models:` has to name the model."
        missing |= {line: only for line in settings.models if line.startswith("openai/") and is_pattern(line)}

    addresses = {
        "groq": settings.groq_base_url,
        "google": settings.google_api_base,
        "openai": settings.openai_base_url,
    }

    def hosted(provider: str, served: Served) -> HostedModel:
        allowance = Allowance(
            limits_for(provider, settings),
            max_waiting=settings.quota.waiting,
            requests_header="day" if provider == "groq" else "minute",
            clock=clock,
        )
        return HostedModel(hosts[provider], served, allowance, _budget(settings, addresses[provider]))

    catalogues = {provider: Catalogue(host) for provider, host in hosts.items()}
    return Chain(settings.models, catalogues, missing, hosted, extractive, clock=clock)


def limits_for(provider: str, settings: Settings) -> Limits:
    """Return the allowance to start with. Groq's free plan is only assumed, unless the configuration says so."""
    quota = settings.quota
    if provider != "groq":
        return Limits(
            tokens_per_minute=quota.other_tokens_per_minute,
            requests_per_minute=quota.other_requests_per_minute,
            requests_per_day=quota.other_requests_per_day,
            concurrent=quota.concurrent,
        )
    own = {"tokens_per_minute", "requests_per_minute", "tokens_per_day", "requests_per_day"}
    return Limits(
        tokens_per_minute=quota.tokens_per_minute,
        requests_per_minute=quota.requests_per_minute,
        requests_per_day=quota.requests_per_day,
        tokens_per_day=quota.tokens_per_day,
        concurrent=quota.concurrent if settings.groq_base_url else 0,
        assumed=not own & quota.model_fields_set,
    )


def _hosts(settings: Settings) -> dict[str, Host]:
    hosts: dict[str, Host] = {}
    if settings.groq_api_key.get_secret_value() or settings.groq_base_url:
        label = _label("Groq", "groq.com", settings.groq_base_url)
        hosts["groq"] = GroqHost(label, settings.groq_api_key.get_secret_value(), settings.groq_base_url)
    if settings.google_api_key.get_secret_value():
        address = _google_address(settings.google_api_base)
        label = _label("Google", "googleapis.com", settings.google_api_base)
        key = settings.google_api_key.get_secret_value()
        hosts["google"] = OpenAICompatibleHost("google", label, key, address)
    if settings.openai_api_key.get_secret_value() or settings.openai_base_url:
        label = _label("OpenAI", "openai.com", settings.openai_base_url)
        key = settings.openai_api_key.get_secret_value()
        hosts["openai"] = OpenAICompatibleHost("openai", label, key, _openai_address(settings.openai_base_url))
    return hosts


def _label(usual: str, domain: str, address: str) -> str:
    """Return what people call the host: its own name only where it is itself."""
    host = urlsplit(address).netloc.rpartition("@")[2]
    return usual if not host or host.endswith(domain) else f"The model server at {host}"


def _google_address(address: str) -> str:
    """Google's embeddings and Gemma have one host; Gemma is spoken to under /v1beta/openai."""
    if not address:
        return GOOGLE_BASE_URL
    address = address.rstrip("/")
    return f"{address}/" if address.endswith("/openai") else f"{address.removesuffix('/v1beta')}/v1beta/openai/"


def _openai_address(address: str) -> str:
    """Ollama's and others' addresses are often written without the path that the SDK wants."""
    return f"{address.rstrip('/')}/v1" if address and urlsplit(address).path in ("", "/") else address


def _is_local(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    try:
        return ip_address(host).is_private
    except ValueError:
        return host == "localhost" or host.endswith((".local", ".internal", ".lan"))


def _budget(settings: Settings, address: str) -> Budget:
    quota = settings.quota
    seconds = settings.answer.timeout_seconds
    return Budget(
        max_completion_tokens=settings.answer.max_completion_tokens,
        # A local model without a GPU takes its time to read a prompt, and there is nobody faster to ask.
        silence=Silence(seconds * (_LOCAL_PATIENCE if _is_local(address) else 1), seconds),
        patience_seconds=quota.patience_seconds,
        context_tokens=quota.context_tokens,
    )


def _check(lines: Sequence[str]) -> None:
    for line in lines:
        provider, _, name = line.partition("/")
        if line != EXTRACTIVE and not (provider in _PROVIDERS and name):
            known = ", ".join(f"{provider}/NAME" for provider in _PROVIDERS)
            raise SettingsError(f"models: {line!r} is not a model. Write {known} or {EXTRACTIVE}.")
