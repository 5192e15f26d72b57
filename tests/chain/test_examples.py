"""The examples in the docstrings of the chain modules run."""

from __future__ import annotations

import doctest
import importlib

import pytest


@pytest.mark.parametrize(
    "module",
    ["traceledger.chain.embedded", "traceledger.chain.embedded.verify", "traceledger.chain.rpc.chain"],
)
def test_example_runs(module: str) -> None:
    outcome = doctest.testmod(importlib.import_module(module))
    assert outcome.attempted > 0
    assert outcome.failed == 0
