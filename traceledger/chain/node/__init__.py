"""A JSON-RPC server on 127.0.0.1 over an embedded chain, for wallets, ``cast``, explorers and web3.

It is permissioned: it holds no keys, takes signed transactions only, and those only from accounts
that the caller's ``admit`` names. Several ``eth_sendRawTransaction`` in one batch become one block.
"""

from traceledger.chain.node.server import NodeServer, serve

__all__ = ["NodeServer", "serve"]
