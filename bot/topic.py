"""What a question is about, apart from which document it means: instructions and names out, the page's own words in.

Pure. The glossary is the one list of subject knowledge here: what the usual metrics of a company report are called on
the statements they are computed from. It is used only where the documents at hand hold such statements.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ingest.cards import STOP, words
from ingest.traits import STATEMENTS

_STATEMENT_WORDS = {
    "income": "statement of income operations earnings",
    "balance": "balance sheet",
    "cash": "statement of cash flows",
}

_METRICS = (
    (r"gross (?:profit|margin)", "income", "gross profit cost of sales revenue"),
    (r"operating (?:income|margin|profit)|\bebit(?:da)?\b", "income", "operating income"),
    (r"net (?:profit|income|earnings)|profit margin", "income", "net income earnings"),
    (r"\brevenues?\b|top ?line|\bsales\b", "income", "revenue net sales"),
    (r"effective tax rate", "", "income taxes provision effective rate"),
    (r"capex|capital expenditures?", "cash", "purchases of property plant and equipment capital expenditures"),
    (r"free cash ?flow|\bfcf\b", "cash", "net cash provided by operating activities purchases of property"),
    (r"operating cash ?flow|cash (?:flow )?from operati", "cash", "net cash provided by operating activities"),
    (
        r"(?:operating|investing|financing) activities",
        "cash",
        "net cash provided by operating investing financing activities",
    ),
    (r"\bd ?& ?a\b|depreciation", "cash", "depreciation and amortization"),
    (r"dividends? paid|cash dividends|retention ratio|payout", "cash", "dividends paid"),
    (r"(?:stock|share).based compensation", "cash", "stock-based compensation"),
    (r"\bcogs\b|cost of goods", "income", "cost of sales"),
    (r"interest coverage", "income", "interest expense"),
    (r"\bsg ?& ?a\b|administrative expenses", "income", "selling general and administrative expenses"),
    (r"\br ?& ?d\b|research and development expense", "income", "research and development"),
    (r"earnings per share|\beps\b", "income", "earnings per share diluted basic"),
    (r"return on assets|\broa\b", "income", "net income"),
    (r"return on equity|\broe\b", "balance", "total equity net income"),
    (
        r"working capital|current ratio|quick ratio|current (?:assets|liabilities)",
        "balance",
        "total current assets total current liabilities",
    ),
    (r"accounts payable|\bdpo\b|payables", "balance", "accounts payable"),
    (r"accounts receivable|\bdso\b|receivables", "balance", "accounts receivable"),
    (r"inventor(?:y|ies)|\bdio\b", "balance", "inventories"),
    (r"days (?:sales|payable|inventory)", "balance", "accounts receivable payable inventories"),
    (r"total assets|asset turnover|return on assets", "balance", "total assets"),
    (r"fixed asset|capital.intensi", "balance", "property plant and equipment net total assets"),
    (r"\bpp ?& ?e\b|property,? plant", "balance", "property plant and equipment net"),
    (r"\bgoodwill\b", "balance", "goodwill"),
    (r"cash (?:&|and) cash equivalents", "balance", "cash and cash equivalents"),
    (r"long.term debt|total debt|leverage ratio|debt.to.equity", "balance", "long-term debt"),
    (r"\bliabilit(?:y|ies)\b", "balance", "liabilities"),
)

GLOSSARY = tuple((pattern, name, _STATEMENT_WORDS[name]) for name, pattern in STATEMENTS) + tuple(
    (re.compile(pattern, re.IGNORECASE), statement, also) for pattern, statement, also in _METRICS
)
"""What a question says, the statement it stands on (or none), and what it is called there."""

MOST_ADDED = 4
_YEARS = re.compile(r"\b(?:FY|fiscal year|fiscal)? ?'?(?:19|20)\d\d\b|\bFY ?'?\d\d\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the glossary knows of a question."""

    statements: Mapping[str, float]
    """Financial statements that hold the answer, the likeliest with weight 1."""
    added: tuple[str, ...]
    """What the metrics of the question are called on the page."""


NOTHING_WANTED = Wanted({}, ())


def wanted(question: str) -> Wanted:
    """Look a question up in the glossary."""
    statements: Counter[str] = Counter()
    added: list[str] = []
    for pattern, statement, also in GLOSSARY:
        if pattern.search(question):
            added.append(also)
            if statement:
                statements[statement] += 1
    most = max(statements.values(), default=1)
    return Wanted({name: count / most for name, count in statements.items()}, tuple(dict.fromkeys(added)))


def topic(question: str, naming: Iterable[str], added: tuple[str, ...] = ()) -> str:
    """Return the question without years and words that only say which document; the glossary's words come behind."""
    text = _YEARS.sub(" ", question)
    for word in naming:
        text = re.sub(rf"\b{re.escape(word)}\b(?:['’]s)?", " ", text, flags=re.IGNORECASE)
    text = " ".join(text.split())
    if not content_words(text):
        text = question
    return f"{text} ({'; '.join(added[:MOST_ADDED])})" if added else text


def content_words(text: str) -> tuple[str, ...]:
    """Return the distinct words that say something, in order."""
    return tuple(dict.fromkeys(word for word in words(text) if word not in STOP))
