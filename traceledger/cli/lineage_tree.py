"""The lineage of a batch as a tree for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from traceledger.cli.figures import co2e, mass
from traceledger.cli.output import assembled, styled
from traceledger.cli.trace_summary import amounts, warning
from traceledger.documents.lineage import NamedLineage, Step, made_by, made_co2e
from traceledger.provenance import Direction, Trace, origin_of

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text
    from rich.tree import Tree

    from traceledger.provenance import Impact
    from traceledger.provenance.trouble import Trouble


def warned(
    named: NamedLineage, found: Trace | Impact, depth: int, wrong: Sequence[Trouble]
) -> RenderableType:
    """The tree, below what is wrong with the batch or upstream of it."""
    from rich.console import Group

    return Group(*warning(wrong), drawn(named, found, depth))


def drawn(named: NamedLineage, found: Trace | Impact, depth: int) -> Tree:
    """The tree. A batch that several others lead to is unfolded where it comes first."""
    from rich.tree import Tree

    root = named.lineage.batch
    tree = Tree(_root_label(named, found), highlight=False)
    held = {} if isinstance(found, Trace) else {item.id: item for item in found.reached}
    shown = {root}
    stack = [(tree, step, 1) for step in reversed(named.steps(root))]
    while stack:
        parent, step, level = stack.pop()
        label = _label(named, step)
        if step.batch in held and (rest := held[step.batch]).mass_mg:
            left = f"  {mass(rest.mass_mg)} with {rest.custodian}: {amounts(rest.substances_mg)}"
            label.append_text(styled(left, "cyan"))
        again = step.batch in shown and bool(named.steps(step.batch))
        if again:
            label.append("  (see above)", "dim")
        branch = parent.add(label)
        shown.add(step.batch)
        below = [] if again else named.steps(step.batch)
        if below and level >= depth:
            branch.add(f"… {len(below)} more, and what is behind; see --depth")
        else:
            stack += [(branch, each, level + 1) for each in reversed(below)]
    return tree


def _root_label(named: NamedLineage, found: Trace | Impact) -> Text:
    root = named.lineage.batch
    made = named.creation(root)
    total = found.footprint.total_mg if isinstance(found, Trace) else made_co2e(made)
    return _label(named, Step(root, made.mass_mg, total))


def _label(named: NamedLineage, step: Step) -> Text:
    """``batch  material  mass  process, facility, country  CO2e``."""
    made = named.creation(step.batch)
    facility, country = named.site(step.batch)
    minted = origin_of(made.event) is not None
    taken = named.lineage.direction is Direction.UP and step.batch != named.lineage.batch
    where = ", ".join(part for part in (made_by(made).replace("_", "-"), facility, country) if part)
    return assembled(
        (named.name(step.batch), "bold green" if minted else "bold"),
        (f"  {named.material(step.batch)}", ""),
        (f"  {mass(step.mass_mg)}{' taken' if taken else ''}", "bold"),
        (f"  {where}", "dim"),
        (f"  {co2e(step.co2e_mg)}", ""),
        ("  declared in error" if named.in_error(step.batch) else "", "bold red"),
    )
