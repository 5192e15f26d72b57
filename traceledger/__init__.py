"""TraceLedger: where the material in a product comes from, and its CO2e, on a permissioned EVM chain."""
