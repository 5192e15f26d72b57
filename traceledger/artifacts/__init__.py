"""The compiled contracts: ABI and bytecode, as ``scripts/compile-contracts`` wrote them."""
