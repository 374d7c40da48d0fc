"""Tokens are counted as the embedding model counts them."""

from hypothesis import given
from hypothesis import strategies as st

from ingest.tokens import BUNDLED_TOKENIZER, token_counter


def test_counts_are_the_tokens_without_the_special_ones() -> None:
    """[CLS] and [SEP] are not counted; a figure is three tokens: `3 . 5`."""
    assert token_counter(BUNDLED_TOKENIZER).counts(["hello world", "", "revenue: 3.5"]) == [2, 0, 5]


def test_spans_say_where_each_token_stands() -> None:
    """Offsets count Python characters, whatever their width in bytes."""
    text = "€ 中文"
    spans = token_counter(BUNDLED_TOKENIZER).spans(text)

    assert [text[start:end] for start, end in spans] == ["€", "中", "文"]


def test_a_tokenizer_is_loaded_once() -> None:
    """The same file gives the same counter."""
    assert token_counter(BUNDLED_TOKENIZER) is token_counter(BUNDLED_TOKENIZER)


@given(st.lists(st.text() | st.text(alphabet="ab.-,$5 \n\t\x1c\u00a0中é\u200b"), max_size=5))
def test_remembered_words_are_counted_as_the_tokenizer_does(texts: list[str]) -> None:
    """Counting word by word is a shortcut, never another result."""
    counter = token_counter(BUNDLED_TOKENIZER)

    assert counter.counts(texts) == [len(counter.spans(text)) for text in texts]
