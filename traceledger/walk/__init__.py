"""The walk: from what happened to batches to origin shares, CO2e by record, and coefficients. Pure integers.

The arithmetic is that of docs/proof-format.md, *The walk*, whose rules (W1 to W15) stand beside the code. It
knows neither events nor an index: whoever has records of its own translates them into steps. Everything is
linear in the steps and without recursion, so that a lineage may be as long as a chain: passes are fed one
step after the other, newest first, and hold what is on its way only.

Example:
    >>> mine = Minted(at=1, batch=1, place=1, untraced=0, emitted=(5, 0, 0, 0))
    >>> bag = Split(at=2, parent=1, children=((2, 1, 3),))
    >>> origins([mine, bag], asked=2, substance=27) == {Origin(End.MINTED, 1): ONE}
    True
"""

from traceledger.walk.co2e import (
    UNCONSUMED,
    UNIT,
    Burdens,
    Cell,
    Co2e,
    Consumer,
    Source,
    Tag,
    cells_of,
    co2e,
)
from traceledger.walk.coefficients import Bearing, Booked, Coefficients, booked_of, coefficients, whole
from traceledger.walk.counting import Counting
from traceledger.walk.division import ONE, divide
from traceledger.walk.downstream import Reaching, Spread, Spreading, do_all, spread
from traceledger.walk.restatements import (
    in_force,
    recorded,
    restated_cell,
    restated_primary,
    weighted,
)
from traceledger.walk.rounding import as_shares, rounded, rounded_parts, share_of, sum_of
from traceledger.walk.shares import (
    End,
    Mixing,
    Origin,
    Shares,
    Traced,
    errors_in,
    origins,
    origins_by_station,
    traced,
)
from traceledger.walk.steps import (
    FROM_USE,
    FROM_WASTE,
    KINDS,
    Added,
    At,
    Delivered,
    InError,
    Measured,
    Minted,
    Restated,
    Reversed,
    Run,
    Split,
    Step,
    TakenBack,
    Told,
    Withdrawn,
    emissions_of,
    emitted_of,
    kind_of,
    no_search_for_cycles,
)

__all__ = [
    "FROM_USE",
    "FROM_WASTE",
    "KINDS",
    "ONE",
    "UNCONSUMED",
    "UNIT",
    "Added",
    "At",
    "Bearing",
    "Booked",
    "Burdens",
    "Cell",
    "Co2e",
    "Coefficients",
    "Consumer",
    "Counting",
    "Delivered",
    "End",
    "InError",
    "Measured",
    "Minted",
    "Mixing",
    "Origin",
    "Reaching",
    "Restated",
    "Reversed",
    "Run",
    "Shares",
    "Source",
    "Split",
    "Spread",
    "Spreading",
    "Step",
    "Tag",
    "TakenBack",
    "Told",
    "Traced",
    "Withdrawn",
    "as_shares",
    "booked_of",
    "cells_of",
    "co2e",
    "coefficients",
    "divide",
    "do_all",
    "emissions_of",
    "emitted_of",
    "errors_in",
    "in_force",
    "kind_of",
    "no_search_for_cycles",
    "origins",
    "origins_by_station",
    "recorded",
    "restated_cell",
    "restated_primary",
    "rounded",
    "rounded_parts",
    "share_of",
    "spread",
    "sum_of",
    "traced",
    "weighted",
    "whole",
]
