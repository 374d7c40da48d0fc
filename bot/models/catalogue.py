"""What one provider serves, read from its live list, and which of it a pattern like `gemma*` means."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from fnmatch import fnmatchcase

from bot.errors import GenerationError, ModelUnavailableError, UnauthorisedError, UnreachableError
from bot.models.failures import failure_of
from bot.models.families import can_chat, size, version
from bot.models.streaming import LIST_SECONDS, Host, Served, short_name

_MOST_MATCHES = 3
"""A pattern stands for its best matches; more than these are not tried for one question."""


class Catalogue:
    """The models of one host. What was read last is kept while the host cannot be reached."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.served: tuple[Served, ...] | None = None
        """None until a list was read: then exact names may still be tried, patterns cannot."""
        self.failure: GenerationError | None = None
        """Why the last reading failed; None when it did not."""
        self._first = asyncio.Event()

    async def refresh(self) -> None:
        """Read the list; a failure is kept, and so is the old list."""
        try:
            await self.host.ready()
            async with asyncio.timeout(LIST_SECONDS):
                self.served = await self.host.served()
            self.failure = None
        except TimeoutError:
            self.failure = UnreachableError(f"{self.host.label} did not send its list of models in time.")
        except self.host.failures as error:
            failure = failure_of(error, self.host.label, "list of models")
            is_missing = isinstance(failure, ModelUnavailableError)
            self.failure = GenerationError(f"{self.host.label} has no list of models.") if is_missing else failure
        except (AttributeError, TypeError):
            self.failure = GenerationError(f"{self.host.label} sent a list of models that cannot be read.")
        finally:
            self._first.set()

    async def known(self) -> None:
        """Return when the list has been read once, or could not be."""
        await self._first.wait()

    @property
    def is_refused(self) -> bool:
        return isinstance(self.failure, UnauthorisedError)

    def matches(self, wanted: str) -> tuple[Served, ...]:
        """Return what `wanted` means, best first: an exact id, or the newest models that a pattern matches."""
        if not is_pattern(wanted):
            if self.served is None:
                return (Served(wanted),)
            return tuple(served for served in self.served if wanted in (served.id, short_name(served.id)))[:1]
        fitting = [
            served
            for served in self.served or ()
            if can_chat(served.id, served.context) and any(fnmatchcase(name, wanted.lower()) for name in _names(served))
        ]
        return tuple(_newest_first(fitting, by_date=wanted.startswith("*")))[:_MOST_MATCHES]


def is_pattern(wanted: str) -> bool:
    return any(character in wanted for character in "*?[")


def _newest_first(fitting: Sequence[Served], *, by_date: bool) -> list[Served]:
    """Order by version, then date, then size; models of any family, whose versions do not compare, by date."""
    if by_date:
        return sorted(fitting, key=lambda served: -served.created)
    return sorted(fitting, key=lambda served: (version(served.id), served.created, size(served.id)), reverse=True)


def _names(served: Served) -> tuple[str, ...]:
    """Return the names a pattern may match: the id, and the id without its vendor (`google/gemma-…`)."""
    name = short_name(served.id).lower()
    return name, name.rsplit("/", 1)[-1]
