"""TraceLedger: where the material in a product comes from, and its CO2e, on a permissioned EVM chain.

Example:
    >>> import traceledger
    >>> traceledger.parse_mass("1.2 t"), traceledger.errors.InputError.__name__
    (1200000000, 'InputError')

:mod:`traceledger.client.client` opens with a longer one; docs/library.md shows what a client can do.
"""

from __future__ import annotations

from traceledger.model.version import VERSION

TYPE_CHECKING = False  # type checkers take it for true; importing typing would take longer than all the rest
if TYPE_CHECKING:
    from traceledger import errors as errors
    from traceledger import refusals as refusals
    from traceledger.client.client import Client as Client
    from traceledger.client.client import connect as connect
    from traceledger.errors import ClosedError as ClosedError
    from traceledger.errors import InputError as InputError
    from traceledger.errors import NetworkError as NetworkError
    from traceledger.errors import SigningError as SigningError
    from traceledger.errors import TraceLedgerError as TraceLedgerError
    from traceledger.errors import UnknownNameError as UnknownNameError
    from traceledger.errors import VerificationError as VerificationError
    from traceledger.model.assurance import Assessment as Assessment
    from traceledger.model.assurance import AssessmentKind as AssessmentKind
    from traceledger.model.assurance import Finding as Finding
    from traceledger.model.assurance import FindingCategory as FindingCategory
    from traceledger.model.assurance import FindingState as FindingState
    from traceledger.model.assurance import Rating as Rating
    from traceledger.model.assurance import Severity as Severity
    from traceledger.model.batches import Batch as Batch
    from traceledger.model.batches import BatchState as BatchState
    from traceledger.model.batches import ErrorReason as ErrorReason
    from traceledger.model.batches import Origin as Origin
    from traceledger.model.batches import Shipment as Shipment
    from traceledger.model.batches import ShipmentState as ShipmentState
    from traceledger.model.emissions import AllocationRule as AllocationRule
    from traceledger.model.emissions import Emissions as Emissions
    from traceledger.model.evidence import Evidence as Evidence
    from traceledger.model.evidence import EvidenceRecord as EvidenceRecord
    from traceledger.model.patience import Patience as Patience
    from traceledger.model.registry import Approval as Approval
    from traceledger.model.registry import Facility as Facility
    from traceledger.model.registry import Material as Material
    from traceledger.model.registry import Participant as Participant
    from traceledger.model.registry import ParticipantState as ParticipantState
    from traceledger.model.standing import Standing as Standing
    from traceledger.model.standing import StandingChange as StandingChange
    from traceledger.model.units import format_mass as format_mass
    from traceledger.model.units import format_time as format_time
    from traceledger.model.units import parse_co2e as parse_co2e
    from traceledger.model.units import parse_mass as parse_mass

__version__ = VERSION

_MODULES = ("errors", "refusals")
_NAMES = {
    "client.client": "Client connect",
    "errors": "ClosedError InputError NetworkError SigningError TraceLedgerError UnknownNameError"
    " VerificationError",
    "model.assurance": "Assessment AssessmentKind Finding FindingCategory FindingState Rating Severity",
    "model.batches": "Batch BatchState ErrorReason Origin Shipment ShipmentState",
    "model.emissions": "AllocationRule Emissions",
    "model.evidence": "Evidence EvidenceRecord",
    "model.patience": "Patience",
    "model.registry": "Approval Facility Material Participant ParticipantState",
    "model.standing": "Standing StandingChange",
    "model.units": "format_mass format_time parse_co2e parse_mass",
}
_HOME = {name: module for module, names in _NAMES.items() for name in names.split()}
__all__ = [*sorted(_HOME), *_MODULES, "__version__"]  # noqa: PLE0604  (the type checker reads the imports above)


def __getattr__(name: str) -> object:
    """Import what is public when it is first used: the command's help must not wait for it."""
    from importlib import import_module

    if name in _MODULES:
        return import_module(f"{__name__}.{name}")
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """Everything public, whether it was imported already or not."""
    return sorted(name for name in {*globals(), *__all__} if name != "TYPE_CHECKING")
