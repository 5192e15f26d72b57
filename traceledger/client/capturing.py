"""The part of a client that captures events of EPCIS: what they become, and what the contracts would say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from traceledger.client.connection import Connection
from traceledger.errors import InputError, SigningError, place_of
from traceledger.model.frozen import frozen
from traceledger.model.progress import Progress

if TYPE_CHECKING:
    from traceledger.interop.epcis.capture import CapturePlan
    from traceledger.interop.epcis.capture.verdicts import EventPlace
    from traceledger.interop.epcis.events import Capture
    from traceledger.interop.masterdata import MasterData
    from traceledger.operations.file import OperationsFileError
    from traceledger.sending.rehearsal import Plan

Documents = Path | str | bytes | Iterable[Path | str | bytes]
"""Files of events, or their bytes."""


@frozen
class Capturing:
    """Turns events into operations, on the network of a connection. ``Client`` says what it does."""

    connection: Connection
    rehearse: Callable[..., Plan]

    def capture(
        self,
        documents: Documents,
        *,
        acting: Sequence[str],
        masterdata: MasterData | Path | str | None,
        define: bool,
        observations: bool,
        progress: Progress,
    ) -> CapturePlan:
        """What capturing documents would do."""
        from traceledger.interop.directory import Directory
        from traceledger.interop.epcis import capture
        from traceledger.interop.epcis import documents as reading
        from traceledger.interop.masterdata import MasterData, load
        from traceledger.operations.file import bytes_of

        held = self.connection
        known = load(Path(masterdata)) if isinstance(masterdata, Path | str) else masterdata
        if not acting and known is not None and known.participant:
            acting = (known.participant,)
        given = [documents] if isinstance(documents, Path | str | bytes) else list(documents)
        captures: list[Capture] = []
        for number, each in enumerate(given, start=1):
            name = f"document {number}" if isinstance(each, bytes) else str(each)
            content = each if isinstance(each, bytes) else bytes_of(Path(each))
            if name in {read.name for read in captures}:
                raise InputError("the file is given twice", where=Path(name))
            captures.append(reading.read(content, name))
        held.check()
        held.sync()
        with held.index.snapshot():
            definitions = replace(capture.missing(captures, held.index), wanted=define)
            directory = Directory(held.index, known or MasterData.empty())
            plan = capture.plan(
                captures,
                directory,
                held.index,
                acting,
                definitions=definitions,
                observations=observations,
            )
        return self._judged(plan, define, progress) if plan.operations else plan

    def _judged(self, plan: CapturePlan, define: bool, progress: Progress) -> CapturePlan:
        """The plan with what the contracts would say; without a key of who acts, they are not asked."""
        from traceledger.operations.file import OperationsFileError

        try:
            found = self.rehearse(plan.source(), create_keys=define, progress=progress)
        except SigningError:
            return plan
        except OperationsFileError as error:
            return _with_faults(plan, error)
        summaries = tuple(it.effect.summary for it in found.operations)
        plan = replace(plan, summaries=summaries, asked=True)
        refused: set[int] = set()
        faulty: set[EventPlace] = set()
        for it in found.operations:
            place = plan.origins[it.number - 1]
            if it.outcome == "refused" and it.refusal is not None:
                plan = plan.refusing(it.number, it.refusal.what, it.refusal.hint)
                refused.add(it.number)
                faulty.add(place)
            elif it.outcome == "unasked" and it.waits_for in refused:
                needed = plan.origins[it.waits_for - 1]
                if place not in faulty:
                    what = f"it needs event {needed[1]}, which is refused"
                    plan = plan.refusing(it.number, what, "mend that event first")
                refused.add(it.number)
                faulty.add(place)
        return plan


def _with_faults(plan: CapturePlan, error: OperationsFileError) -> CapturePlan:
    """The plan with the faults of operations at the events that they come from."""
    from traceledger.interop.epcis.capture.verdicts import event_place

    for fault in error.faults:
        where = str(place_of(fault.where))
        for number, origin in enumerate(plan.origins, start=1):
            if where.startswith(f"{event_place(origin)}:") or where == str(event_place(origin)):
                plan = plan.refusing(number, fault.what, fault.hint)
                break
        else:
            raise error
    return plan
