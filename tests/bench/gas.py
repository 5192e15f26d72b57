"""Gas of whole transactions: of the table that the contracts' own tests keep up to date."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.figures import ROOT, Figure, Size

TITLE = "Gas"
ABOUT = """\
All the gas of one transaction, as [gas-snapshot.md](../../contracts/gas-snapshot.md) has it (written by
`python -m tests.contracts.gas`, and compared by a test); beside it its floor: what the transaction, its
calldata, the words that it must change and what it must log cost by themselves. Besides, where that was
measured, the ratio if what Solidity takes to read the arguments and tell the event counts as well."""

COMMON = ("mint", "ship one batch", "receive one batch", "transform 2 to 1, both in full", "split one off")


def measure(size: Size) -> Iterator[Figure]:
    """Each row; of the quick run the commonest."""
    snapshot = (ROOT / "contracts" / "gas-snapshot.md").read_text("utf-8")
    table, _, _ = snapshot.partition("\nWhat makes")
    heads = [cell.strip() for cell in next(row for row in table.splitlines() if "| gas |" in row).split("|")]
    for row in table.splitlines():
        cells = [cell.strip() for cell in row.split("|")]
        if len(cells) != len(heads) or not cells[heads.index("gas")].replace(",", "").isdigit():
            continue
        said = dict(zip(heads, cells, strict=True))
        floor, coded = number(said.get("floor", "")), said.get("with ABI", "")
        what = next(cell for cell in cells if cell)
        if size is Size.QUICK and what not in COMMON:
            continue
        yield Figure(
            what=what,
            size=0,
            ours=number(said["gas"]),
            unit="gas",
            peer="its floor" if floor else "",
            theirs=floor,
            wanted="<= 1.15" if floor else "",
            more={"with ABI": float(coded)} if coded else {},
        )


def number(cell: str) -> float:
    """Of a cell; 0 where it is empty."""
    return float(cell.replace(",", "") or 0)
