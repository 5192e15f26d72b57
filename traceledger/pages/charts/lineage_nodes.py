"""What a drawing of a lineage is made of.

Example:
    >>> Node("COS-88", "cobalt-sulfate", "kokkola", "16 t", (0,)).parents
    (0,)
"""

from __future__ import annotations

from dataclasses import dataclass

from traceledger.pages.charts.marks import Pattern


@dataclass(frozen=True, slots=True)
class Node:
    """A batch, or a group of them.

    Attributes:
        name: of the batch without its company, or of the group.
        what: its material, or the company of the group.
        more: its company, or the group's stage of life.
        figure: what it was made with, or how many batches it is.
        parents: places of those it was made of, in the list of nodes.
        asked: whether it is, or holds, the batch that was asked about.
        wrong: words, where an error was declared in it.
        stage: of a group, how its stage of life is marked: a role and a pattern.
    """

    name: str
    what: str
    more: str
    figure: str
    parents: tuple[int, ...]
    asked: bool = False
    wrong: str = ""
    stage: tuple[str, Pattern] | None = None
