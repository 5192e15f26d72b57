"""Who a node is on the peer-to-peer network: its key, its address, and its enode URL.

Example:
    >>> node_id = public_key(bytes.fromhex("11" * 32))
    >>> Enode.parse(Enode(node_id, "10.0.0.7", 30303).url).host
    '10.0.0.7'
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

from traceledger.errors import InputError

_ENODE = re.compile(
    r"enode://(?P<id>[0-9a-fA-F]{128})@(?P<host>\[[^\]]+\]|[^:@/?]+):(?P<port>\d{1,5})(\?.*)?"
)


def public_key(secret: bytes) -> bytes:
    """The 64 bytes of the uncompressed public key of a 32-byte private key: the id of the node."""
    from coincurve import PrivateKey

    return PrivateKey(secret).public_key.format(compressed=False)[1:]


def address_of(node_id: bytes) -> bytes:
    """The 20-byte account address of a 64-byte public key."""
    from traceledger.model.keccak import keccak

    return keccak(node_id)[-20:]


@dataclass(frozen=True, slots=True)
class Enode:
    """A node that can be dialled: 64-byte id, IP address, TCP port."""

    node_id: bytes
    host: str
    port: int

    @property
    def url(self) -> str:
        """As geth and Besu write it: no discovery port, because discovery is off."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"enode://{self.node_id.hex()}@{host}:{self.port}"

    @classmethod
    def parse(cls, text: str) -> Enode:
        """Read an enode URL.

        Raises:
            InputError: it is none, or its host is not an IP address.
        """
        match = _ENODE.fullmatch(text.strip())
        if match is None or not 0 < int(match["port"]) < 65536:
            raise InputError(
                f"{text!r} is not an enode URL",
                hint="enode://, 128 hexadecimal digits, @, IP address, :, port",
            )
        return cls(bytes.fromhex(match["id"]), ip_address(match["host"].strip("[]")), int(match["port"]))


def ip_address(text: str) -> str:
    """The text, if it is an IP address.

    Raises:
        InputError: it is a name, or nothing at all: engines compare addresses, and do not ask a name server.
    """
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise InputError(
            f"{text!r} is not an IP address", hint="give the host's address, not its name"
        ) from None
