"""The embedded chain and the system under it: disks, permissions, C libraries, imports."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.chain import support
from tests.chain.support import ALICE, word, write
from tests.chain.test_embedded import contract_on
from traceledger.chain.embedded import EmbeddedChain
from traceledger.errors import NetworkError


class TestDisk:
    def test_full_disk_loses_nothing(self, embedded: EmbeddedChain) -> None:
        contract = contract_on(embedded)
        pages = embedded.reader.rows("PRAGMA page_count")[0][0]
        embedded.reader.rows(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(NetworkError, match="disk is full"):
            for nonce in range(1, 50):
                embedded.send([write(ALICE, nonce, contract, nonce, nonce)])
        head = embedded.head()
        embedded.reader.rows("PRAGMA max_page_count = 1000000")
        nonce = embedded.nonce(support.address_of(ALICE))
        embedded.send([write(ALICE, nonce, contract, nonce, nonce)])
        assert embedded.head().parent_hash == head.hash
        assert embedded.call(contract, word(nonce)) == word(nonce)

    @pytest.mark.skipif(sys.platform == "win32", reason="RLIMIT_FSIZE is POSIX")
    def test_file_size_limit_of_the_system(self, embedded: EmbeddedChain, chain_path: Path) -> None:
        contract = contract_on(embedded)
        embedded.close()
        limited = (
            "import resource, signal, sys\n"
            "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
            "from tests.chain import support\n"
            "from traceledger.chain.embedded import EmbeddedChain\n"
            "from traceledger.errors import NetworkError\n"
            f"chain = EmbeddedChain.open({str(chain_path)!r}, sealer=support.sealer())\n"
            f"raw = support.write(support.ALICE, 1, bytes.fromhex({contract.hex()!r}), 1, 1)\n"
            "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
            "try:\n    chain.send([raw])\n"
            "except NetworkError as error:\n    print(error)\n"
        )
        done = subprocess.run([sys.executable, "-c", limited], capture_output=True, text=True, check=True)
        assert "nothing more was written" in done.stdout
        with EmbeddedChain.open(chain_path) as chain:
            assert chain.head().number == 1

    def test_file_without_write_permission(self, embedded: EmbeddedChain, chain_path: Path) -> None:
        contract_on(embedded)
        embedded.close()
        folder = Path("/tmp") / f"traceledger-{os.getpid()}-{time.monotonic_ns()}"
        folder.mkdir(mode=0o755)
        try:
            copy = shutil.copy(chain_path, folder / "chain.db")
            Path(copy).chmod(0o444)
            program = (
                "import os\n"
                "from tests.chain import support\n"
                "from traceledger.chain.embedded import admission, block_maker, chain, evm\n"
                "from traceledger.chain.embedded import EmbeddedChain, state\n"
                "from traceledger.errors import NetworkError\n"
                "raw = support.deploy(support.BOB)\n"
                # Once before the rights are dropped: what is imported late may be out of reach afterwards.
                f"EmbeddedChain.open({str(chain_path)!r}, sealer=support.sealer()).send([raw])\n"
                "os.getuid() or os.setuid(65534)\n"
                f"chain = EmbeddedChain.open({str(copy)!r}, sealer=support.sealer())\n"
                "print(chain.head().number)\n"
                "try:\n    chain.send([raw])\n"
                "except NetworkError as error:\n    print(error)\n"
            )
            folder.chmod(0o555)
            done = subprocess.run(
                [sys.executable, "-c", program], capture_output=True, text=True, check=False
            )
        finally:
            folder.chmod(0o755)
            shutil.rmtree(folder)
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith("1\n")
        assert "read-only" in done.stdout


class TestBackends:
    def test_hashing_and_signing_run_in_c(self, embedded: EmbeddedChain) -> None:
        contract_on(embedded)
        from eth_hash.auto import keccak as shared
        from eth_hash.backends import pysha3
        from eth_keys.backends.coincurve import CoinCurveECCBackend
        from eth_keys.main import lazy_key_api

        assert shared.hasher == pysha3.backend.keccak256
        assert isinstance(lazy_key_api.backend, CoinCurveECCBackend)

    def test_slow_backend_is_refused(self, chain_path: Path) -> None:
        program = (
            "from tests.chain.test_embedded import create, deploy, ALICE\n"
            "from pathlib import Path\n"
            "from traceledger.errors import TraceLedgerError\n"
            "try:\n"
            f"    create(Path({str(chain_path)!r})).send([deploy(ALICE)])\n"
            "except TraceLedgerError as error:\n    print(error)\n"
        )
        slow = os.environ | {"ECC_BACKEND_CLASS": "eth_keys.backends.NativeECCBackend"}
        done = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=slow
        )
        assert "coincurve is not in use" in done.stdout

    def test_reading_loads_no_evm_and_no_web3(self, embedded: EmbeddedChain, chain_path: Path) -> None:
        contract = contract_on(embedded)
        embedded.close()
        program = (
            "import sys\n"
            "from traceledger.chain.embedded import EmbeddedChain\n"
            f"chain = EmbeddedChain.open({str(chain_path)!r})\n"
            "blocks = list(chain.blocks(0, chain.head().number))\n"
            "chain.receipt(blocks[1].transactions[0].hash), chain.nonce(bytes(20))\n"
            f"assert chain.code(bytes.fromhex({contract.hex()!r}))\n"
            "heavy = {'eth', 'web3', 'eth_account', 'eth_abi', 'trie', 'rlp'}\n"
            "print(sorted(heavy & set(sys.modules)))\n"
        )
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == "[]"
        raw = EmbeddedChain.open(chain_path)
        assert raw.code(b"\x05" * 20) == b""
        raw.close()
