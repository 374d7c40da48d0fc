"""Which channels are watched."""

from __future__ import annotations

from bot.database import open_state
from bot.watched import Watched


async def test_what_people_say_counts_before_what_is_configured(tmp_path):
    """Names and ids are configured for each platform by itself, and a channel that nobody named is not watched."""
    database = await open_state(f"sqlite:///{tmp_path / 'state.sqlite'}")
    watched = Watched(database, {"slack": ["#Manuals"], "discord": ["C1", "#"]})
    names = {"C1": "reports", "C2": "manuals", "C3": ""}
    try:
        configured = [await watched.which(name, names) for name in ("slack:T1", "discord:1")]
        await watched.set("slack:T1", "C2", "ann", is_watched=False)
        await watched.set("slack:T1", "C3", "ann", is_watched=True)
        said = await watched.which("slack:T1", names)
        elsewhere = await watched.is_watched("slack:T2", "C2", "manuals")
        await watched.forget("slack:T1", "C2")
        forgotten = await watched.is_watched("slack:T1", "C2", "manuals")
    finally:
        await database.close()

    assert configured == [{"C2"}, {"C1"}]
    assert said == {"C3"}
    assert elsewhere
    assert forgotten
