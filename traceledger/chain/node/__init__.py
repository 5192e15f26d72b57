"""A JSON-RPC server on 127.0.0.1 over an embedded chain, for wallets, ``cast``, explorers and web3.

It is permissioned: it holds no keys, takes signed transactions only, and those only from accounts that a
:class:`~traceledger.chain.embedded.Gate` lets through. Several ``eth_sendRawTransaction`` in one batch
are mined together, up to 100 in a block. Contracts run in processes of their own, and all has a limit
(:mod:`traceledger.chain.embedded.limits`), so that one caller cannot stop the others.
"""

from traceledger.chain.node.server import NodeServer, serve

__all__ = ["NodeServer", "serve"]
