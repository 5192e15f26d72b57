r"""A whole permissioned EVM chain in one SQLite file, with no other process running.

Transactions are executed by py-evm under the rules of Ethereum's Prague fork; blocks have real
header hashes, state roots and receipt roots, and each is sealed by the key of one authority. The
same genesis, transactions, keys and times give the same block hashes on every machine.

Example:
    >>> import tempfile, pathlib
    >>> from traceledger.chain.embedded import EmbeddedChain, key_sealer
    >>> sealer = key_sealer(bytes(31) + b"\x01")
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "chain.db"
    >>> chain = EmbeddedChain.create(
    ...     path, chain_id=4711, authority=sealer.address, timestamp=1767225600, sealer=sealer
    ... )
    >>> chain.head().number
    0
    >>> chain.close()
"""

from traceledger.chain.embedded.chain import EmbeddedChain
from traceledger.chain.embedded.gate import Gate
from traceledger.chain.embedded.sealer import KeySealer, key_sealer

__all__ = ["EmbeddedChain", "Gate", "KeySealer", "key_sealer"]
