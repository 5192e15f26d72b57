"""``traceledger desk`` where it cannot be opened."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import run_command


@pytest.fixture(autouse=True)
def _nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRACELEDGER_AS", raising=False)


def test_it_says_why(folder: Path) -> None:
    config = ("--config", str(folder / "networks.toml"))
    for options, said in (
        ((), "--as"),
        (("--as", "nobody"), "there is no company nobody on this network"),
        (("--as", "kokkola", "--idle", "0"), "0 is not in the range"),
        (("--as", "kokkola", "--host", "0.0.0.0"), "--host"),
    ):
        done = run_command(*config, "desk", *options)
        assert (done.code, done.out) == (2, ""), done
        assert said in done.err
