"""The walk: from what happened to batches to origin shares, CO2e by record, and coefficients. Pure integers.

The arithmetic is that of docs/proof-format.md, *The walk*, whose rules (W1 to W15) stand beside the code. It
knows neither events nor an index: whoever has records of its own translates them into steps. Everything is
linear in the steps and without recursion, so that a lineage may be as long as a chain.

Example:
    >>> from traceledger.model.emissions import Emissions
    >>> mine = Minted((1, 0), batch=1, emissions=Emissions(scope1=5))
    >>> bag = Split((2, 0), parent=1, children=(SplitOff(batch=2, mass_mg=1, before_mg=3),))
    >>> origins([mine, bag], asked=2, substance=27) == {Origin(End.MINTED, 1): ONE}
    True
"""

from traceledger.walk.co2e import UNCONSUMED, UNIT, Cell, Co2e, Consumer, Tag, by_consumer, co2e, consumed
from traceledger.walk.coefficients import Coefficients, coefficients, consumed_parts
from traceledger.walk.division import ONE
from traceledger.walk.downstream import Spread, spread
from traceledger.walk.restatements import in_force, recorded, restated_cells, restated_primary, weighted
from traceledger.walk.rounding import as_shares, rounded, share_of, sum_of
from traceledger.walk.shares import End, Origin, Traced, origins, origins_by_station, passages, traced
from traceledger.walk.steps import (
    Added,
    Addition,
    At,
    InError,
    Input,
    Measured,
    Minted,
    Output,
    PutBack,
    Remeasured,
    Restated,
    Reversed,
    Run,
    Split,
    SplitOff,
    Step,
    TakenBack,
)

__all__ = [
    "ONE",
    "UNCONSUMED",
    "UNIT",
    "Added",
    "Addition",
    "At",
    "Cell",
    "Co2e",
    "Coefficients",
    "Consumer",
    "End",
    "InError",
    "Input",
    "Measured",
    "Minted",
    "Origin",
    "Output",
    "PutBack",
    "Remeasured",
    "Restated",
    "Reversed",
    "Run",
    "Split",
    "SplitOff",
    "Spread",
    "Step",
    "Tag",
    "TakenBack",
    "Traced",
    "as_shares",
    "by_consumer",
    "co2e",
    "coefficients",
    "consumed",
    "consumed_parts",
    "in_force",
    "origins",
    "origins_by_station",
    "passages",
    "recorded",
    "restated_cells",
    "restated_primary",
    "rounded",
    "share_of",
    "spread",
    "sum_of",
    "traced",
    "weighted",
]
