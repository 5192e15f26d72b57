"""The networks that a user can name (``networks.toml``), and the connection to the chain of one of them."""
