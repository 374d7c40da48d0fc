"""A Discord on loopback for tests: REST v10, the gateway, interactions, attachments, and people who use them."""

from tests.fake_discord.api import Call
from tests.fake_discord.driver import Person
from tests.fake_discord.errors import RefusedError
from tests.fake_discord.gateway import Connection
from tests.fake_discord.interactions import Interaction
from tests.fake_discord.limits import Rate
from tests.fake_discord.place import Place
from tests.fake_discord.records import Guild, Happening, Message, Role
from tests.fake_discord.seen import Seen
from tests.fake_discord.server import FakeDiscord

__all__ = [
    "Call",
    "Connection",
    "FakeDiscord",
    "Guild",
    "Happening",
    "Interaction",
    "Message",
    "Person",
    "Place",
    "Rate",
    "RefusedError",
    "Role",
    "Seen",
]
