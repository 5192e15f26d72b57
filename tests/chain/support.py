"""A tiny contract in EVM assembly, keys, and signed transactions for it.

The contract does one of three things, by the length of its input:

* 64 bytes: stores the second word under the first; emits a log with topics (42, first word) whose
  data is the input, and an empty log without topics;
* 32 bytes: returns the word stored under it;
* anything else: reverts with its input as revert data.
"""

from __future__ import annotations

from eth_account import Account
from eth_keys import keys

from traceledger.chain.embedded import KeySealer, key_sealer

CHAIN_ID = 4711
START = 1_767_225_600
AUTHORITY_KEY = b"\x11" * 32
ALICE = b"\xa1" * 32
BOB = b"\xb0" * 32
GAS = 3_000_000
TOPIC = (42).to_bytes(32, "big")

_HEAD_SIZE = 2 * 7
_REVERT = bytes.fromhex("366000600037366000fd")
_READ = bytes.fromhex("5b6000355460005260206000f3")
_WRITE = bytes.fromhex("5b60203560003555366000600037600035602a366000a260006000a000")


def _runtime() -> bytes:
    read_at = _HEAD_SIZE + len(_REVERT)
    write_at = read_at + len(_READ)
    head = bytes.fromhex(f"3660201460{read_at:02x}573660401460{write_at:02x}57")
    return head + _REVERT + _READ + _WRITE


RUNTIME = _runtime()
INITCODE = bytes.fromhex(f"61{len(RUNTIME):04x}600e60003961{len(RUNTIME):04x}6000f3") + RUNTIME
FAILING_INITCODE = bytes.fromhex("60006000fd")


def sealer() -> KeySealer:
    return key_sealer(AUTHORITY_KEY)


def address_of(key: bytes) -> bytes:
    return keys.PrivateKey(key).public_key.to_canonical_address()


def word(value: int) -> bytes:
    return value.to_bytes(32, "big")


def signed(
    key: bytes,
    nonce: int,
    to: bytes | None,
    data: bytes,
    *,
    chain_id: int | None = CHAIN_ID,
    **fields: object,
) -> bytes:
    """A signed transaction: legacy, unless ``fields`` say otherwise (``None`` leaves one out)."""
    body: dict[str, object] = {"nonce": nonce, "gas": GAS, "value": 0, "data": data}
    if "maxFeePerGas" not in fields:
        body["gasPrice"] = 0
    if to is not None:
        body["to"] = to
    if chain_id is not None:
        body["chainId"] = chain_id
    return bytes(Account.sign_transaction(body | fields, key).raw_transaction)


def deploy(key: bytes, nonce: int = 0, **options: object) -> bytes:
    return signed(key, nonce, None, INITCODE, **options)


def write(key: bytes, nonce: int, contract: bytes, slot: int, value: int, **options: object) -> bytes:
    return signed(key, nonce, contract, word(slot) + word(value), **options)


def fail(key: bytes, nonce: int, contract: bytes, data: bytes = b"no", **options: object) -> bytes:
    return signed(key, nonce, contract, data, **options)
