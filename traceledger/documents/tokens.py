"""The JSON of tokens, by which programs are known to a server."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Protocol


class TokenFacts(Protocol):
    """What is known of a token, but its secret."""

    @property
    def name(self) -> str:
        """Its own."""

    @property
    def scopes(self) -> Collection[str]:
        """What it allows."""

    @property
    def created_at(self) -> int:
        """UTC seconds."""

    @property
    def expires_at(self) -> int | None:
        """UTC seconds; ``None``: never."""

    @property
    def participant(self) -> str:
        """For which company its bearer writes; empty: for none."""


def token_added(
    name: str, secret: str, *, scopes: Collection[str], expires_at: int | None, participant: str | None
) -> dict[str, Any]:
    """A token that was made, with its secret, which stands nowhere else."""
    return {
        "token": name,
        "secret": secret,
        "scopes": sorted(scopes),
        "expires_at": expires_at,
        "participant": participant,
    }


def tokens(found: Iterable[TokenFacts], now: float) -> dict[str, Any]:
    """Tokens without their secrets, and whether each has expired at ``now`` (UTC seconds)."""
    return {
        "tokens": [
            {
                "token": each.name,
                "scopes": sorted(each.scopes),
                "created_at": each.created_at,
                "expires_at": each.expires_at,
                "expired": each.expires_at is not None and now >= each.expires_at,
                "participant": each.participant or None,
            }
            for each in found
        ]
    }


def token_removed(name: str) -> dict[str, Any]:
    """A token that is refused from now on."""
    return {"removed": name}
