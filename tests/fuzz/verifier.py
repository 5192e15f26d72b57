"""Proof files: accepted is only what says the same; all else is refused with the right error.

Where node is installed, the verifier of pages is asked as well, and judged alike.
"""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random

from tests.proofs.in_node import InNode, running
from tests.proofs.judging import Judge
from tests.proofs.mutations import MUTATORS, Material, material
from tests.proofs.small_world import SmallWorld, build


class Verifier:
    """Changes valid proof files of a small chain."""

    suffix = ".tlproof"

    def __init__(self, world: SmallWorld, second: InNode | None) -> None:
        self._valid = material(world.proof, world.stale, world.other)
        self._judge = Judge(self._valid, world.trusted)
        self._second = second and Judge(self._valid, world.trusted, second.said)

    def inputs(self) -> dict[str, bytes]:
        """The valid file."""
        return {"valid": self._valid.stored}

    def changed(self, random: Random) -> bytes:
        """One to three mutations; what is broken already cannot always be changed further."""
        changed = self._valid.stored
        for _ in range(random.choice((1, 1, 2, 3))):
            mutate, _count = MUTATORS[random.choice(sorted(MUTATORS))]
            try:
                step = material(changed)
                changed = mutate(random, Material(step.stored, step.plain, step.lines, self._valid.foreign))
            except Exception:  # noqa: BLE001
                break
        return changed

    def outcome(self, data: bytes) -> str:
        """``same``, ``malformed`` or ``not verified``."""
        if self._second:
            self._second.outcome(data, "of scripts/fuzz, in node")
        return self._judge.outcome(data, "of scripts/fuzz")


@contextmanager
def opened(folder: Path) -> Iterator[Verifier]:
    """The target; its chain is made once in the folder."""
    path = folder / "world.pickle"
    if not path.exists():
        path.write_bytes(pickle.dumps(build(folder)))
    with ExitStack() as started:
        second = started.enter_context(running(folder)) if shutil.which("node") else None
        yield Verifier(pickle.loads(path.read_bytes()), second)
