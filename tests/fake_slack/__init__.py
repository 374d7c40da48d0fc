"""A Slack on loopback for tests: the Web API, Socket Mode, signed HTTP events, files, and people who use them."""

from tests.fake_slack.blockkit import RefusedError
from tests.fake_slack.delivery import Delivery, Socket
from tests.fake_slack.driver import Invocation, Person, Place
from tests.fake_slack.records import File, Happening, Message, View
from tests.fake_slack.seen import Seen
from tests.fake_slack.server import FakeSlack

__all__ = [
    "Delivery",
    "FakeSlack",
    "File",
    "Happening",
    "Invocation",
    "Message",
    "Person",
    "Place",
    "RefusedError",
    "Seen",
    "Socket",
    "View",
]
