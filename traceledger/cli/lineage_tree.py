"""The lineage of a batch as a tree for people, and as batches and edges for programs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from traceledger.cli.batches import mass
from traceledger.cli.output import shown as for_people
from traceledger.cli.trace_summary import amounts
from traceledger.events import BatchMinted, BatchSplit, Transformed
from traceledger.model.hexadecimal import id_text
from traceledger.provenance import Creation, Direction, Impact, Lineage, Names, Trace

if TYPE_CHECKING:
    from rich.text import Text
    from rich.tree import Tree

    from traceledger.index import Index


@dataclass(frozen=True, slots=True)
class Step:
    """A batch in the tree, reached over a step that took ``mass_mg`` with ``co2e_mg`` of CO2e in it."""

    batch: int
    mass_mg: int
    co2e_mg: int


class Described:
    """A lineage with names."""

    def __init__(self, found: Lineage, index: Index) -> None:
        self.lineage = found
        self.index = index
        self._names = Names(index)
        self._next: dict[int, list[Step]] = {batch: [] for batch in found.nodes}
        for node in found.nodes.values():
            for step in _taken(node.creation):
                if step.batch not in found.nodes:
                    continue
                if found.direction is Direction.UP:
                    self._next[node.creation.batch].append(step)
                else:
                    down = Step(node.creation.batch, node.creation.mass_mg, _made_co2e(node.creation))
                    self._next[step.batch].append(down)

    def steps(self, batch: int) -> list[Step]:
        """What the tree shows under a batch."""
        return self._next[batch]

    def creation(self, batch: int) -> Creation:
        """How a batch came to be."""
        return self.lineage.nodes[batch].creation

    def name(self, batch: int) -> str:
        """Full name of a batch."""
        made = self.creation(batch)
        return self._names.full(made.creator, made.identifier)

    def material(self, batch: int) -> str:
        """Material of a batch."""
        known = self.index.batch(batch)
        return self._names.material(known.material) if known else ""

    def site(self, batch: int) -> tuple[str, str]:
        """Facility where a batch was made (a split child: where its parent was), and its country."""
        known = self.index.batch(batch)
        if known is None:
            return "", ""
        site = self._names.site(known.facility)
        return self._names.facility(known.facility), site.country if site else ""

    def in_error(self, batch: int) -> bool:
        """Whether an error was declared in a batch."""
        return self.lineage.nodes[batch].declared_in_error


def _taken(made: Creation) -> Iterator[Step]:
    """What was taken to make a batch, each parent once."""
    event = made.at.event
    if isinstance(event, BatchSplit):
        yield Step(event.parent, made.mass_mg, _made_co2e(made))
    elif isinstance(event, Transformed):
        for parent in made.parents:
            parts = [part for part in event.inputs if part.batch == parent]
            co2e = sum(part.own_mg + part.inherited_mg for part in parts)
            yield Step(parent, sum(part.mass_mg for part in parts), co2e)


def _made_co2e(made: Creation) -> int:
    return made.own_mg + made.inherited_mg


def _kind(made: Creation) -> str:
    match made.at.event:
        case BatchMinted(origin=origin):
            return origin.slug
        case Transformed(process=process):
            return process
        case _:
            return "split"


def document(described: Described) -> dict[str, list[dict[str, Any]]]:
    """The lineage as JSON values: its batches in the order in which they were made, and its edges."""
    batches = []
    for batch in described.lineage.nodes:
        made = described.creation(batch)
        facility, country = described.site(batch)
        batches.append(
            {
                "batch": described.name(batch),
                "id": id_text(batch),
                "material": described.material(batch),
                "facility": facility,
                "country": country,
                "made_by": _kind(made),
                "made_mass_mg": str(made.mass_mg),
                "made_co2e_mg": str(_made_co2e(made)),
                "block": made.at.block,
                "declared_in_error": described.in_error(batch),
            }
        )
    edges = [
        {
            "parent": described.name(edge.parent),
            "child": described.name(edge.child),
            "taken_mg": str(edge.mass_mg),
        }
        for edge in described.lineage.edges
    ]
    return {"batches": batches, "edges": edges}


def drawn(described: Described, found: Trace | Impact, depth: int) -> Tree:
    """The tree. A batch that several others lead to is unfolded where it comes first."""
    from rich.tree import Tree

    root = described.lineage.batch
    tree = Tree(_root_label(described, found), highlight=False)
    held = {} if isinstance(found, Trace) else {item.id: item for item in found.reached}
    shown = {root}
    stack = [(tree, step, 1) for step in reversed(described.steps(root))]
    while stack:
        parent, step, level = stack.pop()
        label = _label(described, step)
        if step.batch in held and (rest := held[step.batch]).mass_mg:
            label.append(
                for_people(f"  {mass(rest.mass_mg)} with {rest.custodian}: {amounts(rest.substances_mg)}"),
                "cyan",
            )
        again = step.batch in shown and bool(described.steps(step.batch))
        if again:
            label.append("  (see above)", "dim")
        branch = parent.add(label)
        shown.add(step.batch)
        below = [] if again else described.steps(step.batch)
        if below and level >= depth:
            branch.add(f"… {len(below)} more, and what is behind; see --depth")
        else:
            stack += [(branch, each, level + 1) for each in reversed(below)]
    return tree


def _root_label(described: Described, found: Trace | Impact) -> Text:
    root = described.lineage.batch
    made = described.creation(root)
    total = found.footprint.total_mg if isinstance(found, Trace) else _made_co2e(made)
    return _label(described, Step(root, made.mass_mg, total))


def _label(described: Described, step: Step) -> Text:
    """``batch  material  mass  process, facility, country  CO2e``."""
    from rich.text import Text

    made = described.creation(step.batch)
    facility, country = described.site(step.batch)
    minted = isinstance(made.at.event, BatchMinted)
    label = Text()
    label.append(for_people(described.name(step.batch)), "bold green" if minted else "bold")
    label.append(for_people(f"  {described.material(step.batch)}"))
    taken = described.lineage.direction is Direction.UP and step.batch != described.lineage.batch
    label.append(f"  {mass(step.mass_mg)}{' taken' if taken else ''}", "bold")
    where = ", ".join(part for part in (_kind(made).replace("_", "-"), facility, country) if part)
    label.append(for_people(f"  {where}"), "dim")
    label.append(f"  {mass(step.co2e_mg)} CO2e")
    if described.in_error(step.batch):
        label.append("  declared in error", "bold red")
    return label
