"""The version of this release."""

VERSION = "0.1.0"
"""As in pyproject.toml; a test compares them."""
