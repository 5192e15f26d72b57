"""A real anvil: a development node that mines each transaction at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import require_tool
from tests.programs import running


@contextmanager
def anvil(
    folder: Path, chain_id: int, *more: str, gas_limit: int = 30_000_000_000, base_fee: int = 0
) -> Iterator[str]:
    """Its URL, while it runs: gas price 0, and unless said otherwise blocks without a practical limit.

    Args:
        folder: where its log goes.
        chain_id: its chain id.
        more: more arguments.
        gas_limit: of a block.
        base_fee: of the first block, in wei.
    """
    command = [require_tool("anvil"), "--port", "0", "--chain-id", str(chain_id), "--hardfork", "prague"]
    command += ["--gas-limit", str(gas_limit), "--gas-price", "0", *more]
    command += ["--block-base-fee-per-gas", str(base_fee)]
    with running(command, folder / "anvil.log", r"Listening on (127\.0\.0\.1:\d+)") as address:
        yield f"http://{address}"
