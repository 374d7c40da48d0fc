"""`/askdocs …`: what the words mean, and what is done about it. The same on every platform; adapters show the result.

Anything that is not exactly a command is a question: "help me find the form" is asked, not explained.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot import notices
from bot.access import Person, Place, PlaceKind, may_manage, may_read
from bot.errors import AccessError
from bot.memory import Memory, Thread
from bot.pages import PagePicture, Pages
from bot.uploads import Uploads
from bot.watched import Watched
from ingest.documents import WORKSPACE_SCOPE, Document, Scopes, channel_scope
from ingest.index import Index

# What is typed.


@dataclass(frozen=True, slots=True)
class Ask:
    """Not a command: a question."""

    text: str


@dataclass(frozen=True, slots=True)
class Simple:
    """A command of one word: help, docs, status, watch, unwatch, why."""

    word: str


@dataclass(frozen=True, slots=True)
class PageOf:
    name: str
    page: int


@dataclass(frozen=True, slots=True)
class ForgetNamed:
    name: str


@dataclass(frozen=True, slots=True)
class ScopeOf:
    name: str
    is_workspace: bool


@dataclass(frozen=True, slots=True)
class Unclear:
    """A command with something missing; `usage` is how it goes."""

    usage: str


Command = Ask | Simple | PageOf | ForgetNamed | ScopeOf | Unclear

SIMPLE = {
    "help": "help",
    "?": "help",
    "docs": "docs",
    "documents": "docs",
    "list": "docs",
    "status": "status",
    "watch": "watch",
    "unwatch": "unwatch",
    "why": "why",
}
USAGES = {"page": "page NAME N", "forget": "forget NAME", "scope": "scope NAME workspace|channel"}
_QUOTES = "\"'“”„‘’«»`"
_NAMED = rf"(?:[{_QUOTES}](?P<quoted>[^{_QUOTES}]+)[{_QUOTES}]|(?P<plain>\S.*?))"
_PAGE = re.compile(rf"page\s+{_NAMED}\s+(?:p(?:age)?\.?\s*)?(?P<page>\d{{1,6}})", re.IGNORECASE)
_FORGET = re.compile(rf"forget\s+{_NAMED}", re.IGNORECASE)
_SCOPE = re.compile(rf"scope\s+{_NAMED}\s+(?P<scope>workspace|channel)", re.IGNORECASE)
_LOOKS_LIKE_NAME = re.compile(rf"^(?:[{_QUOTES}]|\S+$|.*\.pdf\b)", re.IGNORECASE)


def parse(text: str) -> Command:
    """Return what a line asks for."""
    text = " ".join(text.split())
    word, _, rest = text.partition(" ")
    if rest:
        return _with_arguments(text, word.lower(), rest)
    if not text:
        return Simple("help")
    if word.lower() in SIMPLE:
        return Simple(SIMPLE[word.lower()])
    return Unclear(USAGES[word.lower()]) if word.lower() in USAGES else Ask(text)


def asks_for_help(text: str) -> bool:
    """Say whether a message is one word of a command: whoever writes that to the bot wants to know how it is used."""
    return bool(text.strip()) and isinstance(parse(text), Simple | Unclear)


def _with_arguments(text: str, word: str, rest: str) -> Command:
    if match := _PAGE.fullmatch(text):
        return PageOf(_name(match), int(match["page"]))
    if match := _SCOPE.fullmatch(text):
        return ScopeOf(_name(match), match["scope"].lower() == "workspace")
    if (match := _FORGET.fullmatch(text)) and _is_name(rest):
        return ForgetNamed(_name(match))
    if word in ("page", "scope") and _LOOKS_LIKE_NAME.match(rest) and "?" not in rest:
        return Unclear(USAGES[word])
    return Ask(text)


def _name(match: re.Match[str]) -> str:
    return (match["quoted"] or match["plain"] or "").strip()


def _is_name(rest: str) -> bool:
    """Say whether what follows `forget` is a file rather than a sentence: quoted, with its ending, or a few words."""
    return "?" not in rest and (_LOOKS_LIKE_NAME.match(rest) is not None or len(rest.split()) <= 3)


# What comes of it.


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence or a few lines."""

    text: str


@dataclass(frozen=True, slots=True)
class HelpText:
    """How to use the bot, in the platform's own words for command and mention."""


@dataclass(frozen=True, slots=True)
class Listing:
    documents: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class Confirm:
    """Ask once more before this document is forgotten."""

    document: Document


@dataclass(frozen=True, slots=True)
class Picture:
    page: PagePicture


Result = Notice | HelpText | Listing | Confirm | Picture


@dataclass(frozen=True, slots=True)
class Caller:
    """Who gave a command, where, and what they may read at this moment."""

    place: Place
    person: Person
    scopes: Scopes
    thread: Thread
    is_here: bool = True
    """The bot is in the place, too."""
    may_watch: bool = True
    """By the platform's own permissions."""


class Commands:
    """Carries commands out. Who may do what is checked here."""

    def __init__(
        self,
        index: Index,
        memory: Memory,
        pages: Pages,
        uploads: Uploads,
        watched: Watched,
        models: Callable[[], Sequence[str]],
    ) -> None:
        self._index = index
        self._memory = memory
        self._pages = pages
        self._uploads = uploads
        self._watched = watched
        self._models = models

    async def run(self, command: Command, caller: Caller, prefix: str) -> Result:
        """Do what a command says; `prefix` is how commands begin here, e.g. `/askdocs`.

        Raises:
            AccessError: not allowed, or not there; its text is for the caller.
        """
        match command:
            case Simple(word):
                return await self._simple(word, caller)
            case PageOf(name, page):
                document = await self.find(name, caller.scopes)
                return Picture(await self._pages.of(document, page, caller.scopes))
            case ForgetNamed(name):
                return Confirm(_managed(await self.find(name, caller.scopes), caller))
            case ScopeOf(name, is_workspace):
                return await self._set_scope(name, caller, is_workspace=is_workspace)
            case Unclear(usage):
                return Notice(notices.usage(f"{prefix} {usage}"))
            case Ask():
                raise ValueError("a question is no command")

    async def forget(self, document_id: str, caller: Caller, *, is_confirmed: bool) -> Result:
        """Forget a document by a button: asked for, then done."""
        found = {document.id: document for document in await self._index.documents(caller.scopes)}
        if document_id not in found:
            raise AccessError(notices.DOCUMENT_GONE)
        document = _managed(found[document_id], caller)
        if not is_confirmed:
            return Confirm(document)
        await self._uploads.forget_document(document.workspace, document.id)
        return Notice(notices.forgotten(document.name))

    async def find(self, name: str, scopes: Scopes) -> Document:
        """Return the one document of this name, with or without its ending; or of this id, where one was offered."""
        offered = [document for document in await self._index.documents(scopes) if document.id == name]
        found = offered or await self._index.find(name, scopes)
        if len(found) == 1:
            return found[0]
        if found:
            raise AccessError(notices.several_documents(name, [document.scope for document in found]))
        names = [document.name for document in await self._index.documents(scopes)]
        raise AccessError(notices.no_such_document(name, names))

    async def _simple(self, word: str, caller: Caller) -> Result:
        if word == "docs":
            documents = await self._index.documents(caller.scopes)
            return Listing(tuple(sorted(documents, key=lambda one: one.name.casefold())))
        if word == "status":
            return Notice(await self._status(caller))
        if word in ("watch", "unwatch"):
            return await self._watch(caller, is_watched=word == "watch")
        if word == "why":
            return await self._why(caller)
        return HelpText()

    async def _status(self, caller: Caller) -> str:
        documents = await self._index.documents(caller.scopes)
        under_way = [one.origin for one in await self._uploads.under_way(caller.scopes.workspace)]
        names = [origin.name for origin in under_way if origin.scope in caller.scopes.names]
        return notices.status(len(documents), sum(one.pages for one in documents), names, self._models())

    async def _watch(self, caller: Caller, *, is_watched: bool) -> Result:
        place = caller.place
        if place.kind is PlaceKind.DIRECT:
            return Notice(notices.WATCHED_ANYWAY)
        if not caller.is_here:
            raise AccessError(notices.NOT_IN_CHANNEL)
        if caller.person.is_outsider or not caller.may_watch:
            raise AccessError(notices.ADMINS_ONLY)
        await self._watched.set(place.workspace, place.channel, caller.person.id, is_watched=is_watched)
        return Notice(notices.WATCHING if is_watched else notices.NOT_WATCHING)

    async def _why(self, caller: Caller) -> Result:
        answer = await self._memory.last_answer(caller.thread)
        if answer is None:
            return Notice(notices.NO_ANSWER_YET)
        names = {one.id: one.name for one in await self._index.documents(caller.scopes)}
        return Notice(notices.why(answer, names))

    async def _set_scope(self, name: str, caller: Caller, *, is_workspace: bool) -> Result:
        document = _managed(await self.find(name, caller.scopes), caller)
        scope = WORKSPACE_SCOPE if is_workspace else channel_scope(caller.place.channel)
        await self._index.set_scope(document.id, scope)
        return Notice(notices.scope_changed(document.name, scope))


def _managed(document: Document, caller: Caller) -> Document:
    if not (may_read(document, caller.scopes) and may_manage(document, caller.person, caller.scopes)):
        raise AccessError(notices.may_not_forget(document.name))
    return document
