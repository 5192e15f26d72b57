"""From events to a plan: each gets one verdict, and what becomes something becomes operations.

The steps, each in its place below: what could not be read is refused; the same event twice is one; what the
ledger has is recognised; events of one run or one assembly are joined; all are put into the order in which
they happened; then one after another becomes operations, by the rules of docs/epcis.md, each seeing what
those before it leave.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from traceledger.errors import InputError
from traceledger.events import BatchMinted, BatchSplit, RecordedEvent
from traceledger.interop.epcis.capture import ending, handing, wrong
from traceledger.interop.epcis.capture.defining import Definitions
from traceledger.interop.epcis.capture.joining import joined, node_of
from traceledger.interop.epcis.capture.order import Node, is_literal, keys_of, listed, ordered
from traceledger.interop.epcis.capture.recorded import Recorded, digest_of, evidence_of
from traceledger.interop.epcis.capture.rules import become, commissions, pack, packs
from traceledger.interop.epcis.capture.said import Said
from traceledger.interop.epcis.capture.scene import SSCC, Needs, Scene, Told
from traceledger.interop.epcis.capture.verdicts import (
    CapturePlan,
    EventPlace,
    LeftOutError,
    Operation,
    RecordedError,
    Row,
    Verdict,
    event_place,
)
from traceledger.interop.epcis.events import Capture, Event, Refused
from traceledger.interop.epcis.extension import PREFIX
from traceledger.operations.catalogue import by_name
from traceledger.operations.spoken import named_record

if TYPE_CHECKING:
    from traceledger.index import IndexReader
    from traceledger.interop.directory import Directory


def plan(
    captures: Sequence[Capture],
    directory: Directory,
    reader: IndexReader,
    acting: Sequence[str] = (),
    *,
    definitions: Definitions | None = None,
    observations: bool = False,
) -> CapturePlan:
    """What capturing documents would do; nothing is recorded.

    Args:
        captures: the documents, as they were read.
        directory: knows companies, sites, materials and lots by their keys.
        reader: the index, up to date.
        acting: short names of those for whom is recorded: what is another's is left out. None: each event is
            recorded for whom it says, or whose place it happens at.
        definitions: what the documents' master data define and the ledger lacks, to be recorded first where
            it is wanted.
        observations: put observations that change nothing on record as evidence.

    Returns:
        A verdict for each event, and the operations.

    Raises:
        InputError: a participant in ``acting`` is not on the ledger.
    """
    for slug in acting:
        if reader.participant(slug) is None:
            raise InputError(f"there is no participant {slug!r}", where="as")
    scene = Scene(reader, directory, acting)
    if definitions is None or definitions.wanted:
        return _Planning(captures, scene, definitions, observations).plan()
    scene.offered |= definitions.names
    found = _Planning(captures, scene, None, observations).plan()
    return replace(found, offered=definitions.counts)


@dataclass(slots=True)
class _Planning:
    """One run of the steps."""

    captures: Sequence[Capture]
    scene: Scene
    definitions: Definitions | None
    observations: bool
    rows: dict[EventPlace, Row] = field(default_factory=dict)
    told: dict[EventPlace, Told] = field(default_factory=dict)
    operations: list[Operation] = field(default_factory=list)
    origins: list[EventPlace] = field(default_factory=list)
    recorded: Recorded = field(default_factory=Recorded)
    joins: dict[EventPlace, EventPlace] = field(default_factory=dict)
    on_record: set[str] | None = None

    def plan(self) -> CapturePlan:
        """All steps."""
        for capture in self.captures:
            self._read(capture)
        self._define()
        self._look_up()
        waiting = self._recognise(list(self.told.values()))
        waiting = self._without_errors_of_their_own(waiting)
        groups = joined(waiting)
        self.scene.makers |= {key: told.place for key, told in groups.makers.items()}
        for told, maker in groups.further:
            self._join(told, maker, "says more of what that makes")
        for node in ordered(groups.nodes):
            self._run(node)
        self._settle_joins()
        files = {capture.name: capture.sha256 for capture in self.captures}
        rows = tuple(self.rows[place] for place in sorted(self.rows, key=self._place_in_files))
        is_copy = any(map(is_literal, self.told.values()))
        asked = [capture.official for capture in self.captures]
        return CapturePlan(
            rows,
            tuple(self.operations),
            tuple(self.origins),
            files,
            official=asked[0].version if asked and asked[0] and all(asked) else "",
            in_order=is_copy,
        )

    def _place_in_files(self, place: EventPlace) -> tuple[int, int]:
        names = [capture.name for capture in self.captures]
        return names.index(place[0]), place[1]

    # What could not be read.

    def _read(self, capture: Capture) -> None:
        for event in capture.events:
            place = (capture.name, event.number)
            if isinstance(event, Refused):
                self.rows[place] = Row(
                    place,
                    event.pointer,
                    event.kind,
                    Verdict.REFUSED,
                    event_id=event.event_id,
                    why=event.why,
                    where=event.faults[0].pointer or event.pointer,
                    mend=event.faults[0].hint,
                    malformed=True,
                )
                continue
            try:
                said = Said.of(event)
                _ = said.lots  # keys in it are read once, so that what is wrong with one is said here
            except InputError as error:
                row = self._row(Told(event, Said({}), place), Verdict.REFUSED, error=error)
                self.rows[place] = replace(row, malformed=True)
                continue
            self.told[place] = Told(event, said, place)

    def _define(self) -> None:
        if self.definitions is None:
            return
        for operation in self.definitions.operations:
            self.operations.append(operation)
            self.origins.append((self.definitions.file, 0))
        for kind, names in self.definitions.names.items():
            self.scene.defined[kind] |= set(names)

    # What the ledger has.

    def _look_up(self) -> None:
        keys = {key for told in self.told.values() for key in keys_of(told)}
        self.scene.world.prefetch(keys)
        lots = (lot for key in sorted(keys) for lot in self.scene.world.lots(key))
        for told in self.told.values():
            self.recorded.look(told.event, self.scene.reader)
        self.recorded.add(
            self.scene.reader, dict.fromkeys(lot.number for lot in lots if lot.number is not None)
        )
        self._look_up_restatements()

    def _look_up_restatements(self) -> None:
        """What was restated stands in no lot's history."""
        for told in self.told.values():
            if told.said.terms.get("operation") in ("restate_emissions", "confirm_restatement"):
                try:
                    record = named_record(told.said.of_record)
                except InputError:
                    continue  # it is refused for that later
                self.recorded.add_restatements(self.scene.reader, record)

    def _recognise(self, events: Sequence[Told]) -> list[Told]:
        """The events that are new: neither on the ledger nor told before."""
        first: dict[tuple[str, ...], Told] = {}
        ids: dict[tuple[str, bool], Told] = {}
        waiting = []
        for told in events:
            event, is_error = told.event, told.event.error is not None
            same = first.setdefault(self._identity(told), told)
            named = ids.setdefault((event.event_id or str(told.place), is_error), told)
            if same is not told:
                self._join(told, same, "the same event")
            elif named.event.hash != event.hash or self.recorded.altered(event):
                self._refuse_altered(told, named)
            elif (found := self._known(told)) is not None:
                self._remember(told)
                self.rows[told.place] = self._row(told, Verdict.RECORDED, why=found)
            else:
                waiting.append(told)
        return waiting

    def _identity(self, told: Told) -> tuple[str, ...]:
        """By what an event is the same as another; what may be said twice is told apart by its identifier."""
        is_error = "error" if told.event.error is not None else ""
        if is_error and is_literal(told):
            # One event may be declared wrong about one lot and another, and a reversal be reversed.
            is_error = f"{told.event.error!r}"
        return told.event.hash, is_error, (told.event.event_id or "") if self._may_repeat(told) else ""

    def _may_repeat(self, told: Told) -> bool:
        if not is_literal(told):
            return False
        word = (Said.of_error(told.event) if told.event.error else told.said).text("operation")
        try:
            return not by_name(word).row().once
        except KeyError:
            return False

    def _known(self, told: Told) -> str | None:
        """By what the ledger has an event, as a clause; ``None``: it has it not."""
        event = told.event
        written = self.recorded.written.get(event.event_id or "")
        if written is not None and event.error is None:
            return f"it was written from this ledger, block {written.place[0]}, log {written.place[1]}"
        found = self.recorded.of(event)
        if event.error is not None:
            found = wrong.corrections(found, self.scene.reader)
            if is_literal(told):
                found = [each for each in found if self._is_that(told, each)]
        elif self._may_repeat(told) and event.event_id:
            names = self.recorded.identifiers.get(digest_of(event), set())
            found = found if event.event_id in names else []
        if not found or not self._is_whole(told, found):
            return None
        words = ", ".join(dict.fromkeys(each.event.word for each in found))
        return f"the ledger has it as {words}, block {found[0].block}"

    def _is_that(self, told: Told, correction: RecordedEvent) -> bool:
        """Whether a correction on the ledger is the one of a copy: one record may be corrected twice."""
        said, names = Said.of_error(told.event), self.scene.world.names
        if told.event.error is None or correction.event.occurred_at != told.event.error.at:
            return False
        by = said.text("by")
        if by and correction.event.author and names.slug(correction.event.author) != by:
            return False
        lots = {each.batch for each in said.lots if each.batch}
        return not lots or bool(lots & {names.batch(batch) for batch, _ in correction.event.concerns})

    def _is_whole(self, told: Told, found: Sequence[RecordedEvent]) -> bool:
        """Whether all is recorded that an event becomes: a run that was killed may have recorded a part."""
        if told.event.error is not None or is_literal(told):
            return True
        kinds = {type(each.event) for each in found}
        concerned = {batch for each in found for batch, _ in each.event.concerns}
        names = self.scene.world.names
        if told.step in handing.SHIPPING and kinds == {BatchSplit}:
            told.split_off = tuple(names.batch(new.batch) for each in found for new in each.event.makes)
            return False
        if not (commissions(told) or ending.ends(told) or told.step in handing.RECEIVING):
            return True
        keys = {thing.key for thing in self.scene.things(told) if self.scene.kind(thing.key) is not None}
        lots = {key: self.scene.world.lots(key) for key in keys}
        whole = all(any(lot.number in concerned for lot in each) for each in lots.values())
        if not whole and kinds == {BatchMinted}:
            told.minted = tuple(names.batch(new.batch) for each in found for new in each.event.makes)
        return whole

    def _refuse_altered(self, told: Told, named: Told) -> None:
        where = "on the ledger" if named is told else f"in {event_place(named.place)}"
        error = InputError(
            f"its eventID stands {where} with an event that says something else",
            where="eventID",
            hint="repeat the event word for word: an error declaration adds nothing but itself"
            if told.event.error
            else "an event is never changed: declare the earlier one in error, and give the right one an"
            " eventID of its own",
        )
        self.rows[told.place] = self._row(told, Verdict.REFUSED, error=error)

    def _remember(self, told: Told) -> None:
        """What is in what, told by an event that is recorded already, still counts for later ones."""
        if packs(told.event):
            pack(told, self.scene)

    # Errors within these documents.

    def _without_errors_of_their_own(self, events: Sequence[Told]) -> list[Told]:
        """Leave out what these documents declare wrong themselves, before the ledger had it."""
        declared = {
            told.event.hash: told
            for told in events
            if told.event.error is not None and not is_literal(told) and not self.recorded.of(told.event)
        }
        waiting = []
        for told in events:
            error = declared.get(told.event.hash)
            if error is None or is_literal(told):
                waiting.append(told)
            elif told is not error:
                why = f"it is declared in error by {event_place(error.place)}, and was not recorded yet"
                self.rows[told.place] = self._row(told, Verdict.LEFT_OUT, why=why)
            else:
                waiting.append(told)
        return waiting

    def _join(self, told: Told, to: Told, why: str) -> None:
        self.joins[told.place] = to.place
        self.rows[told.place] = replace(self._row(told, Verdict.JOINED, why=why), joined=(to.place,))

    # What they become.

    def _run(self, node: Node) -> None:
        told, scene = node.last, self.scene
        scene.effects.begin()
        try:
            become(node, scene, self.recorded.of(told.event), self._corrective(told.event))
            row = self._row(told, Verdict.BECOMES if told.made else Verdict.EVIDENCE)
        except LeftOutError as error:
            row = self._row(told, Verdict.LEFT_OUT, why=error.why)
        except RecordedError as error:
            row = self._again(told, error)
        except Needs as needs:
            row = self._needing(told, needs)
        except InputError as error:
            row = self._row(told, Verdict.REFUSED, error=error)
        if row.verdict is Verdict.BECOMES:
            told.notes += self._strange_lots(node)
            row = self._keep(node, row)
        elif row.verdict is not Verdict.EVIDENCE:
            told.made.clear()
            scene.effects.take_back()
            if row.verdict in (Verdict.LEFT_OUT, Verdict.REFUSED):
                scene.missing |= dict.fromkeys(node.makes, told.place)
                row = self._observed(told, row)
        self.rows[told.place] = row
        for each in node.events[:-1]:
            self._join(each, told, "joined into one")

    def _corrective(self, event: Event) -> list[str]:
        """Full names of the lots that the events make which are right instead of one that is wrong."""
        if event.error is None or not event.error.corrective:
            return []
        found: list[str] = []
        for told in self.told.values():
            if told.event.event_id not in event.error.corrective or told.event.error is not None:
                continue
            for key in sorted(node_of(told).makes):
                maker = self.scene.place_holder(told) or (self.scene.acting or ("",))[0]
                if maker:
                    found.append(f"{maker}/{self.scene.world.fresh(maker, key)}")
        return found

    def _again(self, told: Told, error: RecordedError) -> Row:
        """What says again what another event became is evidence of that."""
        name, kind = error.record or ("", "")
        op = {"shipped": "ship", "received": "receive"}.get(kind)
        for number, operation in enumerate(self.operations, start=1):
            own = f"{operation.get('as')}/{operation.get('shipment')}"
            if operation["op"] == op and name in (own, operation.get("shipment")):
                origin = self.origins[number - 1]
                more = [each for each in self._evidence([told]) if each not in operation["evidence"]]
                operation["evidence"].extend(more)
                self.joins[told.place] = origin
                return replace(self._row(told, Verdict.JOINED, why=error.why), joined=(origin,))
        return self._row(told, Verdict.RECORDED, why=error.why)

    def _needing(self, told: Told, needs: Needs) -> Row:
        other = self.rows[needs.place]
        needed = event_place(needs.place)
        if other.verdict is Verdict.LEFT_OUT:
            return self._row(
                told, Verdict.LEFT_OUT, why=f"{needs.key} is made by {needed}, which is left out"
            )
        error = InputError(
            f"{needs.key} is made by {needed}, which is refused", where="", hint="mend that event first"
        )
        return self._row(told, Verdict.REFUSED, error=error)

    def _observed(self, told: Told, row: Row) -> Row:
        """An observation of lots of the ledger as evidence on record, where that is asked for."""
        lots = [lot for key in keys_of(told) for lot in self.scene.world.lots(key) if lot.number is not None]
        if not self.observations or row.verdict is not Verdict.LEFT_OUT or not lots:
            return row
        try:
            actor = self.scene.acts(told, self.scene.place_holder(told), lots[0].holder)
        except (LeftOutError, InputError):
            return row
        first = evidence_of(told.event)[0]
        if self.on_record is None:
            self.on_record = {each.uri for each in self.scene.reader.evidence("epcis")}
        if first["uri"] in self.on_record:
            return replace(row, verdict=Verdict.RECORDED, why="it is on record as evidence")
        self.operations.append(
            {"op": "record_evidence", "as": actor, **first, "kind": "epcis", "issuer": actor}
        )
        self.origins.append(told.place)
        return replace(row, verdict=Verdict.EVIDENCE, operations=(len(self.operations),))

    # What is kept of it.

    def _strange_lots(self, node: Node) -> list[str]:
        """Lots of which events say something in our terms, and that they do not name."""
        keys = {key for told in node.events for key in listed(told.event)}
        if any(SSCC in key for key in keys) or any(map(is_literal, node.events)):
            return []  # what is said of lots in a pallet is used
        said = {lot.epc for told in node.events for lot in told.said.lots}
        return [
            f"{PREFIX}:lots speaks of {epc}, which the event does not name: that is passed over"
            for epc in sorted(said - keys)
        ]

    def _keep(self, node: Node, row: Row) -> Row:
        told = node.last
        numbers = []
        evidence = self._evidence([*node.events, *(self.told[place] for place in told.evidence)])
        for operation in told.made:
            own = [each for each in operation.get("evidence", ()) if each not in evidence]
            self.operations.append(
                {**operation, "evidence": [*own, *evidence]} if _takes_evidence(operation) else operation
            )
            self.origins.append(told.place)
            numbers.append(len(self.operations))
        for place in told.evidence:
            found = self.rows.get(place)
            if found is not None and found.verdict is Verdict.EVIDENCE:
                joined = tuple(dict.fromkeys((*found.joined, told.place)))
                self.rows[place] = replace(found, joined=joined, operations=(*found.operations, *numbers))
        return replace(row, operations=tuple(numbers), notes=tuple(dict.fromkeys(told.notes)))

    def _evidence(self, events: Iterable[Told]) -> list[dict[str, str]]:
        """Hash, identifier and file of events, each once."""
        found: dict[tuple[str, str], dict[str, str]] = {}
        files = {capture.name: capture.sha256 for capture in self.captures}
        shown = list(dict.fromkeys(events_of.place for events_of in events))
        items = [item for place in shown for item in evidence_of(self.told[place].event)]
        items += [
            {"uri": PurePath(name).name or "epcis.json", "sha256": files[name]}
            for name in dict.fromkeys(place[0] for place in shown)
        ]
        for item in items:
            found.setdefault((item["uri"], item["sha256"]), item)
        return list(found.values())

    def _settle_joins(self) -> None:
        """What is joined with an event that becomes nothing becomes nothing either, for the same reason."""
        for place, to in self.joins.items():
            row, seen = self.rows[to], {to}
            while row.verdict is Verdict.JOINED and row.joined and row.joined[0] not in seen:
                seen.add(row.joined[0])
                row = self.rows[row.joined[0]]
            own = self.rows[place]
            if row.verdict in (Verdict.BECOMES, Verdict.EVIDENCE):
                self.rows[place] = replace(own, operations=row.operations)
            elif row.verdict is Verdict.JOINED:
                continue
            else:
                why = f"{own.why} as {event_place(to)}: {row.why}" if own.why == "the same event" else row.why
                self.rows[place] = replace(own, verdict=row.verdict, why=why, where=row.where, mend=row.mend)
        for place, row in self.rows.items():
            if row.verdict is Verdict.EVIDENCE and not row.operations:
                why = "it says what is in what, and nothing that is recorded here needs it"
                self.rows[place] = self._observed(
                    self.told[place], replace(row, verdict=Verdict.LEFT_OUT, why=why)
                )

    def _row(self, told: Told, verdict: Verdict, *, why: str = "", error: InputError | None = None) -> Row:
        event = told.event
        return Row(
            told.place,
            event.pointer,
            event.kind,
            verdict,
            event.at,
            event.event_id,
            event.hash,
            why=error.what if error else why,
            where=str(error.where) if error else "",
            mend=error.hint if error else "",
        )


def _takes_evidence(operation: Operation) -> bool:
    return bool(operation["op"] != "transfer_facility")
