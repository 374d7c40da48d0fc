"""Tokens are counted as the embedding model counts them."""

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
