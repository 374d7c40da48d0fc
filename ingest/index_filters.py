"""Which rows a read or a write may touch, built from values as expressions: nothing is ever pasted into a query."""

from __future__ import annotations

import functools
import operator
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, cast

from ingest.documents import Scopes

if TYPE_CHECKING:
    from lancedb.expr import Expr


def equal(column: str, value: str | int) -> Expr:
    return among(column, (value,))


def among(column: str, values: Iterable[str | float]) -> Expr:
    """Return the filter `column IN values`; no values, no rows.

    Every filter of the index is built here. Text that is not valid Unicode cannot have been stored: it matches nothing.
    """
    from lancedb.expr import col, lit

    return col(column).isin([lit(value) for value in values if not isinstance(value, str) or _is_unicode(value)])


def none_of(column: str, values: Iterable[str | float]) -> Expr:
    return ~among(column, values)


def compared(column: str, comparison: str, value: str | float) -> Expr:
    """Return the filter for one of `< <= > >=`."""
    from lancedb.expr import col, lit

    compare = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}[comparison]
    return cast("Expr", compare(col(column), lit(value)))


def readable(scopes: Scopes, document_ids: Collection[str] | None = None, hidden: Collection[str] = ()) -> Expr:
    """Return the filter that every read of chunks goes through: the wall of the workspace, then who may read."""
    allowed = equal("workspace", scopes.workspace) & among("scope", sorted(scopes.names))
    if document_ids is not None:
        allowed &= among("document_id", sorted(set(document_ids) - set(hidden)))
    elif hidden:
        allowed &= none_of("document_id", sorted(hidden))
    return allowed


def of_statements(names: Iterable[str]) -> Expr:
    """Return the filter for chunks of these financial statements; the names are ours, from `ingest.traits`."""
    from lancedb.expr import col, lit

    return functools.reduce(operator.or_, (col("statements").contains(lit(name)) for name in sorted(names)))


def on_pages(pages: Sequence[tuple[str, int]]) -> Expr:
    """Return the filter for pages, each one given as document id and page number; none given, no rows."""
    numbers: dict[str, set[int]] = {}
    for document_id, page in pages:
        numbers.setdefault(document_id, set()).add(page)
    wanted = among("document_id", ())
    for document_id, of_document in numbers.items():
        wanted |= equal("document_id", document_id) & among("page", sorted(of_document))
    return wanted


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
