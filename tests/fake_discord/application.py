"""The application under test: its bot, token, privileged intents and commands."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.fake_discord import payloads
from tests.fake_discord.records import Json, User

GUILDS, GUILD_MEMBERS, GUILD_PRESENCES, GUILD_MESSAGES = 1 << 0, 1 << 1, 1 << 8, 1 << 9
GUILD_MESSAGE_REACTIONS, GUILD_MESSAGE_TYPING = 1 << 10, 1 << 11
DIRECT_MESSAGES, DIRECT_MESSAGE_REACTIONS, DIRECT_MESSAGE_TYPING = 1 << 12, 1 << 13, 1 << 14
MESSAGE_CONTENT = 1 << 15
KNOWN_INTENTS = (1 << 17) - 1 | 1 << 20 | 1 << 21 | 1 << 24 | 1 << 25

PRIVILEGED = {"presences": GUILD_PRESENCES, "members": GUILD_MEMBERS, "message_content": MESSAGE_CONTENT}
"""Intents that have to be switched on in the developer portal, by the names a test uses for them."""

_FLAGS = {"presences": 1 << 13, "members": 1 << 15, "message_content": 1 << 19}


@dataclass(eq=False)
class Application:
    """What the developer portal knows about the app."""

    id: str
    name: str
    bot: User
    owner: User
    token: str
    intents: set[str] = field(default_factory=lambda: {"members", "message_content"})
    """The privileged intents that are switched on."""
    commands: dict[str, list[Json]] = field(default_factory=dict)
    """By guild id; the global ones under an empty one."""

    @property
    def allowed_intents(self) -> int:
        return KNOWN_INTENTS & ~sum(bit for name, bit in PRIVILEGED.items() if name not in self.intents)

    @property
    def flags(self) -> int:
        return sum(_FLAGS[name] for name in self.intents)

    @property
    def reads_content(self) -> bool:
        """Whether REST shows the app what people write."""
        return "message_content" in self.intents

    def json(self) -> Json:
        """Return it as `GET /applications/@me` does."""
        return {
            "id": self.id,
            "name": self.name,
            "icon": None,
            "description": "",
            "summary": "",
            "type": None,
            "flags": self.flags,
            "verify_key": "0" * 64,
            "bot_public": True,
            "bot_require_code_grant": False,
            "owner": payloads.user(self.owner),
            "team": None,
            "bot": payloads.user(self.bot),
            "tags": [],
            "redirect_uris": [],
            "interactions_endpoint_url": None,
            "integration_types_config": {"0": {}},
            "approximate_guild_count": 1,
        }
