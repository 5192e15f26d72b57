"""Make sure that hashing and signatures run in C.

py-evm works without coincurve and pysha3 too, but several times slower, and says nothing about it. (So it is
with blake2b-py, which py-evm takes where it is installed.)
"""

from __future__ import annotations

from traceledger.errors import TraceLedgerError


def use_fast_backends() -> None:
    """Put Keccak on pysha3, and check that signatures are recovered by libsecp256k1 (coincurve).

    eth-hash picks pycryptodome when it is installed, which takes twice as long; so its one shared
    hasher is given the pysha3 backend, whatever it used before.

    Raises:
        TraceLedgerError: a package is missing, or an environment variable forces a slow backend.
    """
    try:
        from eth_hash.backends import pysha3
    except ImportError as error:
        raise _missing("the hash library pysha3", "pip install safe-pysha3") from error
    from eth_hash.auto import keccak
    from eth_hash.main import Keccak256
    from eth_keys.backends.coincurve import CoinCurveECCBackend
    from eth_keys.main import lazy_key_api

    if keccak.hasher != pysha3.backend.keccak256:
        # py-evm and rlp hold this very object, so it is made anew in place; its first hash binds the backend
        # for good.
        Keccak256.__init__(keccak, pysha3.backend)
        keccak(b"")
    if not isinstance(lazy_key_api.backend, CoinCurveECCBackend):
        raise _missing(
            "the signature library coincurve",
            "pip install coincurve, and unset ECC_BACKEND_CLASS if it is set",
        )


def _missing(library: str, hint: str) -> TraceLedgerError:
    return TraceLedgerError(f"{library} is not in use; the embedded chain needs it", hint=hint)
