"""The folder's files themselves: each is submitted after the base, and taken, or refused as the table says.

Where a file stays refused, the refusal names what fits; that this then gives what the table says is told, in
our own words and with our own files, by the other tests of this folder.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cases.world import Trade
from traceledger.errors import TraceLedgerError

TAKEN = ""

CASES: dict[str, list[tuple[str, str]]] = {
    "01": [("01-over-delivery", "tolerance"), ("01-over-delivery-2", TAKEN)],
    "02": [("02-capacity-not-restored", "reverse")],
    "03": [("03-assay-up", "remeasure")],
    "04": [("04-analysed-later", "remeasure")],
    "05": [("05-moisture-lost-in-transit", TAKEN), ("05-moisture-lost-in-transit-2", "remeasure")],
    "08": [("08-unknown-origin", "untraced")],
    "08c": [("08c-blend-untraced", "untraced")],
    "09": [("09-scrap-to-recycler", TAKEN)],
    "09b": [("09b-scrap-minted", TAKEN)],
    "10b": [("10b-integer-is-mg", TAKEN)],
    "10c": [("10c-byproduct-zero-value", "waste")],
    "13": [("13-countries", "GB")],
    "14d": [("14d-persian-name", TAKEN)],
    "21": [("21-company-changes", "exists")],
    "21b": [("21b-facility-sold", "mine/pit")],
    "22": [("22-stocktaking-minus", TAKEN)],
    "23": [("23-owner-not-custodian", TAKEN)],
    "24": [("24-partial-arrival", "lots")],
    "24b": [("24b-one-mg-arrived", TAKEN)],
    "28": [("28-true-up-after-shipping", "restate_emissions")],
    "28b": [("28b-true-up-down", "restate_emissions")],
    "28c": [("28c-true-up-consumed", "restate_emissions")],
    "28d": [("28d-true-up-half-used", TAKEN)],
    "30": [("30-pact-car-door", "untraced")],
    "36": [("36-pieces", "pieces")],
    "38": [("38-back-from-retired", "reverse")],
    "40": [("40-epcis-9.6.4", "pieces")],
    "41": [("41-epcis-error-declaration", TAKEN)],
    "41c": [
        ("41c-correct-a-receipt", TAKEN),
        ("41c-correct-a-receipt-2", "reverse"),
        ("41c-correct-a-receipt-3", TAKEN),
    ],
    "42": [
        ("42-late-parent-error", TAKEN),
        ("42-late-parent-error-2", "measurement"),
        ("42-late-parent-error-3", TAKEN),
    ],
    "44": [("44-total-loss-run", "slag")],
    "45": [("45-error-in-transit-blocks-others", TAKEN)],
    "47": [("47-corrections-downstream", TAKEN), ("47-corrections-downstream-2", "reverse")],
    "48": [("48-undo", TAKEN)],
    "51": [("51-stock-gain-and-shrink", TAKEN)],
    "53": [("53-recall-one-lot", TAKEN)],
    "57a": [("57-frozen-cannot-leave", TAKEN), ("57-frozen-cannot-leave-a", TAKEN)],
    "57b": [("57-frozen-cannot-leave", TAKEN), ("57-frozen-cannot-leave-b", TAKEN)],
    "58": [("58-add-substance-to-material", "defined already")],
}
"""By case its files in order, and a word that the refusal of each must have; none where it is taken."""


def outcome(trade: Trade, path: Path) -> str:
    """What is said against a file; nothing where it is taken."""
    try:
        trade.submit_file(path)
    except TraceLedgerError as error:
        return f"{error}\n{error.hint}"
    return TAKEN


@pytest.mark.parametrize("case", CASES)
def test_the_files_of_the_folder_are_taken_or_refused_with_what_fits(
    case: str, begun_elsewhere: Trade, shared: Path
) -> None:
    for name, word in CASES[case]:
        said = outcome(begun_elsewhere, shared / "cases" / f"{name}.jsonl")
        assert word in said if word else not said, f"{name}: {said}"


def test_every_file_of_the_folder_is_tried(shared: Path) -> None:
    tried = {name for files in CASES.values() for name, _ in files}
    assert tried == {path.stem for path in (shared / "cases").glob("*.jsonl")} - {"base"}
