"""What happens when somebody clicks: pages, feedback, asking again, sharing, forgetting. Allowed or not, as of now.

A button carries what it means, so it works after any number of restarts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import discord

from bot import notices
from bot.access import Audience
from bot.buttons import AskAgain, Button, Cancel, Forget, OpenPage, Rate, Share, ShowPage, decode
from bot.commands import Result
from bot.core import Core
from bot.discord import render
from bot.discord.commands import SlashCommands
from bot.discord.directory import Directory
from bot.discord.inbox import Inbox
from bot.discord.interactions import Interaction, channel_of, say
from bot.discord.pictures import picture_arguments
from bot.discord.sending import arguments, delivering
from bot.errors import AccessError
from bot.pages import PagePicture
from bot.sharing import to_share
from bot.tasks import Tasks

REASON, COMMENT = "reason", "comment"


class Clicks:
    """Buttons under messages, and the form behind a thumb that points down."""

    def __init__(self, core: Core, directory: Directory, slash: SlashCommands, inbox: Inbox, tasks: Tasks) -> None:
        self._core = core
        self._directory = directory
        self._slash = slash
        self._inbox = inbox
        self._tasks = tasks

    async def take(self, interaction: Interaction) -> None:
        """Respond to a click or a form at once; the work goes on after that."""
        data: Any = interaction.data or {}
        button = decode(str(data.get("custom_id") or ""))
        if button is None:
            return
        if interaction.type is discord.InteractionType.modal_submit:
            await interaction.response.defer(ephemeral=True, thinking=True)
            self._start(interaction, self._submitted(button, interaction))
        elif isinstance(button, Rate) and not button.is_good:
            await interaction.response.send_modal(_form(button.question_id))
            self._start(interaction, self._core.memory.rate(button.question_id, str(interaction.user.id), -1))
        elif isinstance(button, AskAgain | Share | Cancel):
            await interaction.response.defer()
            self._start(interaction, self._do(button, interaction))
        else:
            await interaction.response.defer(ephemeral=True, thinking=True)
            self._start(interaction, self._do(button, interaction))

    def _start(self, interaction: Interaction, work: Any) -> None:  # noqa: ANN401 - a coroutine of whatever kind
        self._tasks.start(self._slash.guarded(interaction, work))

    async def _do(self, button: Button, interaction: Interaction) -> None:
        match button:
            case ShowPage() | OpenPage():
                await self._show_page(button, interaction)
            case Rate(question_id):
                await self._core.memory.rate(question_id, str(interaction.user.id), 1)
                await say(interaction, notices.THANKS)
            case AskAgain(message):
                failed = interaction.message.id if interaction.message else 0
                await self._inbox.ask_again(channel_of(interaction), int(message), failed, str(interaction.id))
            case Share(question_id):
                await self._share(question_id, interaction)
            case Forget(document_id, is_confirmed):

                async def forget(guild: discord.Guild) -> Result:
                    caller = await self._slash.caller(interaction, guild)
                    return await self._core.commands.forget(document_id, caller, is_confirmed=is_confirmed)

                result = await self._directory.wherever(channel_of(interaction), interaction.user.id, forget)
                await self._slash.show(interaction, result)
            case Cancel():
                with delivering():
                    await interaction.delete_original_response()

    async def _show_page(self, button: ShowPage | OpenPage, interaction: Interaction) -> None:
        """Show a page to whoever clicked, by what they may read."""

        async def drawn(guild: discord.Guild) -> PagePicture:
            scopes = await self._directory.scopes(channel_of(interaction), interaction.user.id, Audience.ASKER, guild)
            if isinstance(button, ShowPage):
                return await self._core.pages.cited(button.question_id, button.number, scopes)
            return await self._core.pages.page(button.document_id, button.page, scopes)

        picture = await self._directory.wherever(channel_of(interaction), interaction.user.id, drawn)
        with delivering():
            await interaction.followup.send(**picture_arguments(picture), ephemeral=True)

    async def _share(self, question_id: str, interaction: Interaction) -> None:
        """Post an answer for everybody, if everybody may read what it rests on."""
        user = interaction.user.id
        scopes = await self._directory.scopes(channel_of(interaction), user, Audience.CHANNEL)
        answer, question = await to_share(self._core.memory, self._core.index, question_id, str(user), scopes)
        with delivering():
            for message in render.shared(answer, question_id, str(user), question):
                await interaction.followup.send(**arguments(message), ephemeral=False)

    async def _submitted(self, button: Button, interaction: Interaction) -> None:
        """Keep what somebody wrote about an answer that was wrong."""
        if not isinstance(button, Rate):
            raise AccessError(notices.NOTHING_TO_SHARE)
        words = ": ".join(part for part in _words(interaction.data) if part)
        await self._core.memory.rate(button.question_id, str(interaction.user.id), -1, words)
        await say(interaction, notices.THANKS)


def _form(question_id: str) -> discord.ui.Modal:
    """Return the form. What is sent in is read from the event itself, so nobody has to wait for it."""
    form = render.feedback_modal(question_id)
    modal = discord.ui.Modal(title=form.title, custom_id=form.custom_id, timeout=None)
    options = [discord.SelectOption(label=one.label, value=one.value) for one in form.reasons]
    reason: Any = discord.ui.Select(custom_id=REASON, options=options, required=False)
    comment: Any = discord.ui.TextInput(
        custom_id=COMMENT, style=discord.TextStyle.paragraph, required=False, max_length=form.comment_limit
    )
    modal.add_item(discord.ui.Label(text=form.reason_label, component=reason))
    modal.add_item(discord.ui.Label(text=form.comment_label, component=comment))
    modal.stop()
    return modal


def _words(data: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    """Yield what was chosen and what was written."""
    for row in (data or {}).get("components") or ():
        field = row.get("component") or {}
        yield str((field.get("values") or [field.get("value") or ""])[0])
