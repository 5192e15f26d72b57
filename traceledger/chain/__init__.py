"""Chains: what the rest of TraceLedger needs of one (``base``), on a file of its own or over JSON-RPC."""
