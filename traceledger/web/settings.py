"""What a server is told at its start, and its limits: every one of them has a number (docs/serving.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from traceledger.interop.masterdata import MasterData
from traceledger.web.pact.partners import Partner

MEBIBYTE = 2**20
LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")
"""Addresses that nobody reaches but from this machine."""
ProofsFor = Literal["everybody", "token", "nobody"]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one request, one client and all of them together may take.

    Attributes:
        readers: connections to the index that read at once; each is a thread.
        waiting_seconds: how long a request waits for one of them.
        request_seconds: how long one answer may be made.
        sending_seconds: how long a client may take to fetch an answer.
        header_seconds: how long a client may take to send a request's head.
        idle_seconds: how long a connection is kept open between requests.
        connections: open at once, of all clients.
        connections_each: of one client's address.
        url_bytes: path and query of one request.
        header_bytes: head of one request.
        answer_bytes: largest answer.
        lineage_batches: batches of the largest lineage that is shown batch by batch.
        rate: requests a second that one address, or one token, may send in the long run.
        burst: requests that it may send at once.
        clients: addresses and tokens whose rates are remembered.
        cache_bytes: answers that are kept in memory.
        bodies: bodies of requests that are read at once; each is in memory.
        body_seconds: how long a client may take to send one.
        grace_seconds: how long open requests may take when the server ends.
    """

    readers: int = 4
    waiting_seconds: float = 5.0
    request_seconds: float = 20.0
    sending_seconds: float = 60.0
    header_seconds: float = 10.0
    idle_seconds: float = 15.0
    connections: int = 512
    connections_each: int = 64
    url_bytes: int = 4096
    header_bytes: int = 16 * 1024
    answer_bytes: int = 16 * MEBIBYTE
    lineage_batches: int = 100_000
    rate: float = 300.0
    burst: int = 600
    clients: int = 10_000
    cache_bytes: int = 32 * MEBIBYTE
    bodies: int = 4
    body_seconds: float = 30.0
    grace_seconds: float = 10.0


@dataclass(frozen=True, slots=True)
class Reports:
    """What emissions are compared with where a request does not say it, as ``emissions report`` takes it.

    Attributes:
        departments: names of departments by full name of a facility.
        base_year: a year to compare with; a target begins there.
        target: a reduction since then, such as ``50% by 2030``.
        measure: what the target is about: ``product``, ``tonne`` or ``absolute``.
        product: material whose batches count as products.
    """

    departments: Mapping[str, str] = field(default_factory=dict)
    base_year: int | None = None
    target: str | None = None
    measure: Literal["product", "tonne", "absolute"] = "product"
    product: str = "vehicle"


@dataclass(frozen=True, slots=True)
class Tls:
    """What a server speaks TLS with.

    Attributes:
        certificate: PEM file of its certificate, and those between it and an authority.
        key: PEM file of its key, without a passphrase.
    """

    certificate: Path
    key: Path


@dataclass(frozen=True, slots=True)
class PactSettings:
    """How the PACT API is served.

    Attributes:
        partners: to whose systems answers by event are sent.
        unknown_token_status: of HTTP, for what is shown as an access token and is none: 400, as the tests of
            conformance want it, or 401, as the specification does.
    """

    partners: tuple[Partner, ...] = ()
    unknown_token_status: Literal[400, 401] = 400


@dataclass(frozen=True, slots=True)
class Settings:
    """How a server is run.

    Attributes:
        host: address to which it is bound.
        port: its port; 0: any free one.
        allowed_hosts: names in a ``Host`` header that are answered, besides its own address.
        origins: web pages of others that may read the API (CORS); none by default.
        access_log: where a line for each request goes; ``None``: nowhere.
        follow_seconds: how often the chain is asked for new blocks.
        forwarded_by: addresses of proxies whose word about the client's address is taken.
        proofs: who may have proof files.
        limits: the numbers.
        reports: what emissions are compared with.
        tls: certificate and key; ``None``: it speaks plain HTTP.
        masterdata: what a company says that the ledger does not know.
        pact: how the PACT API is served.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    allowed_hosts: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    access_log: Path | None = None
    follow_seconds: float = 2.0
    forwarded_by: tuple[str, ...] = ()
    proofs: ProofsFor = "everybody"
    limits: Limits = field(default_factory=Limits)
    reports: Reports = field(default_factory=Reports)
    tls: Tls | None = None
    masterdata: MasterData = field(default_factory=MasterData.empty)
    pact: PactSettings = field(default_factory=PactSettings)

    @property
    def stays_here(self) -> bool:
        """Whether nothing leaves this machine; what a proxy passes on came from elsewhere.

        Example:
            >>> Settings("::1").stays_here, Settings("0.0.0.0").stays_here
            (True, False)
            >>> Settings(forwarded_by=("127.0.0.1",)).stays_here
            False
        """
        return self.host.lower() in LOCAL_HOSTS and not self.forwarded_by
