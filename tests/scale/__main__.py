"""``python -m tests.scale SHAPE SIZE [FILE]``: make a chain, and say what is in it."""

from __future__ import annotations

import argparse
import resource
import time
from pathlib import Path

from tests.scale.making import ALL, make


def main() -> None:
    """Make the chain."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shape", choices=ALL)
    parser.add_argument("size", type=int, help="events; of wide: batches")
    parser.add_argument("file", type=Path, nargs="?")
    given = parser.parse_args()
    path = given.file or Path(f"{given.shape}-{given.size}.chain")
    path.unlink(missing_ok=True)
    begun = time.process_time()
    _, ledger = make(given.shape, given.size, path)
    seconds = time.process_time() - begun
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{path}: {ledger.events} events, {path.stat().st_size:,} bytes, {seconds:.1f} s, {most} MB")


if __name__ == "__main__":
    main()
