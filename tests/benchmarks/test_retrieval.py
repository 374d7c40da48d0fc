"""What the ablation leaves out is there to be left out."""

from __future__ import annotations

import pytest

from tests.benchmarks.retrieval import CONSTANTS


@pytest.mark.parametrize("variant", CONSTANTS)
def test_the_constants_are_where_they_are_looked_for(variant: str) -> None:
    """They are set by name: one that has moved to another room would only be noticed when somebody measures."""
    module, constant, without = CONSTANTS[variant]

    assert getattr(module, constant) != without
