"""What a desk is told at its start, and its limits: every one of them has a number (docs/desk.md)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from traceledger.web.settings import MEBIBYTE, Limits

HOST = "127.0.0.1"
"""The only address that a desk listens at: nobody but this machine reaches it."""

Clock = Callable[[], float]
"""Seconds of a clock that never goes back."""


@dataclass(frozen=True, slots=True)
class DeskLimits:
    """How much a desk takes.

    Attributes:
        form_bytes: largest form without files.
        upload_bytes: largest form with files.
        fields: of one form.
        files: of one form.
        field_bytes: of one field of a form with files.
        threads: that answer.
        drafts: that are listed.
        sessions: browsers that are let in at once; the oldest one goes.
        session_seconds: after which a browser that asks for nothing is let in no more.
        token_seconds: how long the token of an address counts.
        tries: wrong passphrases after which each further one has to wait.
        wait_seconds: how long after the first of those; twice as long after each further one.
        most_wait_seconds: how long at most.
        connection: limits of connections and requests.
    """

    form_bytes: int = MEBIBYTE
    upload_bytes: int = 32 * MEBIBYTE
    fields: int = 4000
    files: int = 8
    field_bytes: int = MEBIBYTE
    threads: int = 8
    drafts: int = 200
    sessions: int = 8
    session_seconds: float = 12 * 3600.0
    token_seconds: float = 3600.0
    tries: int = 3
    wait_seconds: float = 2.0
    most_wait_seconds: float = 300.0
    connection: Limits = field(default_factory=lambda: Limits(rate=50.0, burst=200, request_seconds=60.0))


@dataclass(frozen=True, slots=True)
class DeskSettings:
    """How a desk is run.

    Attributes:
        participant: short name of the company whose desk it is.
        port: where it listens; 0: any free one.
        idle_seconds: after which an unlocked key is locked again, where nobody used the desk.
        follow_seconds: how often the chain is asked for new blocks.
        limits: the numbers.
    """

    participant: str
    port: int = 0
    idle_seconds: float = 600.0
    follow_seconds: float = 2.0
    limits: DeskLimits = field(default_factory=DeskLimits)
