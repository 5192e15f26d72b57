"""An EVM network as a chain, over JSON-RPC: several nodes, none of them believed."""
