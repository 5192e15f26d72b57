"""Emissions reporting: what was emitted where and when, apart from the footprints of products.

Only own emissions count, at the place and in the year where they arose; what a batch inherited was counted
where it came from. docs/emissions.md explains the figures.

Example:
    >>> from traceledger.reporting import Target
    >>> Target.parse("50% by 2030").year
    2030
"""

from traceledger.reporting.entries import Emitted, Produced, Records, Wasted, collect
from traceledger.reporting.figures import Figures
from traceledger.reporting.grouping import GROUPINGS, load_departments
from traceledger.reporting.report import BASIS, EmissionsReport, Request, Row, WasteRow, report
from traceledger.reporting.target import Path, Target, path_to

__all__ = [
    "BASIS",
    "GROUPINGS",
    "EmissionsReport",
    "Emitted",
    "Figures",
    "Path",
    "Produced",
    "Records",
    "Request",
    "Row",
    "Target",
    "WasteRow",
    "Wasted",
    "collect",
    "load_departments",
    "path_to",
    "report",
]
