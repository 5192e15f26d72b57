"""Capture jobs: what was sent to be captured, and what became of it at the desk of a company.

A job is ``CAPTUREID.json`` in ``epcis/PARTICIPANT/`` of the network's folder. Its operations are a draft of
the desk (:mod:`traceledger.web.desk.drafts`), which a clerk signs or throws away::

    taken --events refused, all go back (rollback)--> ended, without success
      |---nothing of it is to be recorded-----------> ended, with success
      `--a draft at the desk--> running --final-----> ended, with success
                                   `--refused, stopped, thrown away--> ended, without success

The same content sent twice for one company is one job, as long as that one runs or has succeeded; sent again
after it failed, it is a new one. Events that wait in one job are left out of others.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from traceledger.errors import InputError, NetworkError, TraceLedgerError, UnknownNameError
from traceledger.interop.epcis.capture.verdicts import Verdict
from traceledger.model.units import format_time
from traceledger.storage import files
from traceledger.storage.json_text import loads
from traceledger.web.desk.drafts import Draft, Drafts, Origin, State
from traceledger.web.epcis.style import exceptional

_NAME = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_MOST_TRIES = 100
MOST_KEPT = 1000
"""Jobs of a company that have ended; older ones are forgotten."""
_ENDED = (State.FINAL, State.REFUSED, State.FAILED)


@dataclass(frozen=True, slots=True)
class Job:
    """What was sent to be captured.

    Attributes:
        id: ``captureID``, a UUID.
        created: when, UTC seconds.
        behaviour: ``rollback`` or ``proceed``.
        sha256: of the content.
        draft: at the desk; empty: there is none.
        errors: exceptions of the standard, by what was found in the events.
        verdicts: what becomes of each event, in our own terms.
    """

    id: str
    created: int
    behaviour: str
    sha256: str
    draft: str = ""
    errors: tuple[Mapping[str, Any], ...] = ()
    verdicts: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Stand:
    """How a job stands: whether it runs, with success so far, when it ended, and what went wrong."""

    running: bool
    success: bool
    finished: int | None
    errors: tuple[Mapping[str, Any], ...] = field(default=())


class Jobs:
    """The jobs of a company.

    Args:
        folder: of the network.
        participant: short name of the company.
    """

    def __init__(self, folder: Path, participant: str) -> None:
        self.folder = folder / "epcis" / participant
        self.drafts = Drafts(folder, participant)
        self._participant = participant

    def free(self, content: bytes, behaviour: str) -> tuple[str, Job | None]:
        """The id of a job with that content, and the job that has it already, unless it failed."""
        digest = sha256(content).hexdigest()
        for attempt in range(_MOST_TRIES):
            text = f"urn:traceledger:capture:{self._participant}:{behaviour}:{digest}:{attempt}"
            name = str(uuid5(NAMESPACE_URL, text))
            known = self.find(name)
            stand = None if known is None else self.stand(known)
            if known is None or stand is None or stand.running or stand.success:
                return name, known
        raise InputError("it was sent and failed so often that it is not taken again", hint="mend the events")

    def keep(self, job: Job) -> None:
        """Keep a job; of those that have ended, only so many of the newest are kept.

        Raises:
            NetworkError: it cannot be written.
        """
        files.make_folder(self.folder, mode=0o700, error=NetworkError)
        text = json.dumps(asdict(job), ensure_ascii=False, indent=1) + "\n"
        path = self.folder / f"{job.id}.json"
        files.replace(path, text, mode=files.OWNER_ONLY, error=NetworkError)
        # Every job is read only where there are so many that one of them may have to go.
        if len(list(self.folder.glob("*.json"))) > MOST_KEPT:
            for old in [each for each in self.all() if not self.stand(each).running][MOST_KEPT:]:
                (self.folder / f"{old.id}.json").unlink(missing_ok=True)

    def find(self, name: str) -> Job | None:
        """The job of an id; ``None``: there is none, or its file is damaged."""
        path = self.folder / f"{name}.json"
        if not _NAME.fullmatch(name) or not path.is_file():
            return None
        try:
            said = loads(files.content_of(path))
            return Job(**{**said, "errors": tuple(said["errors"]), "verdicts": tuple(said["verdicts"])})
        except (OSError, TraceLedgerError, TypeError, KeyError):
            return None

    def all(self) -> list[Job]:
        """Them all, the newest first."""
        found = (self.find(path.stem) for path in self.folder.glob("*.json"))
        return sorted((job for job in found if job), key=lambda job: (-job.created, job.id))

    def waiting(self) -> list[Job]:
        """Those that wait for a clerk, or are on their way; the newest first."""
        return [job for job in self.all() if self.stand(job).running]

    def left_behind(self, origin: Origin) -> str:
        """The draft that was made of a job which was never kept; empty: there is none."""
        found = (each for each in self.drafts.list() if each.origin == origin and each.state not in _ENDED)
        return next((each.id for each in found), "")

    def stand(self, job: Job) -> Stand:
        """How a job stands."""
        if not job.draft:
            return Stand(False, not job.errors or job.behaviour == "proceed", job.created, job.errors)
        try:
            draft = self.drafts.get(job.draft)
        except UnknownNameError:
            gone = _error("SecurityException", 403, "the company's desk did not take it: the draft is gone")
            return Stand(False, False, None, (*job.errors, gone))
        errors = (*job.errors, *_errors(draft))
        if draft.state in _ENDED:
            return Stand(False, draft.state is State.FINAL, self.drafts.changed(draft), errors)
        return Stand(True, True, None, errors)

    def document(self, job: Job, *, whole: bool = False) -> dict[str, Any]:
        """A job as the standard shows it (GS1 EPCIS 2.0, 12.6.2).

        Args:
            job: it.
            whole: also what becomes of each event, which the standard has no word for.
        """
        stand = self.stand(job)
        return {
            "captureID": job.id,
            "createdAt": format_time(job.created),
            **({} if stand.finished is None else {"finishedAt": format_time(stand.finished)}),
            "running": stand.running,
            "success": stand.success,
            "captureErrorBehaviour": job.behaviour,
            "errors": [dict(each) for each in stand.errors],
            **({"tl:events": [dict(each) for each in job.verdicts]} if whole else {}),
        }


def hashes_of(jobs: Iterable[Job]) -> dict[str, str]:
    """By event hash, the job in which that event is to be recorded."""
    recording = (Verdict.BECOMES, Verdict.JOINED, Verdict.EVIDENCE)
    return {
        str(each["tl:hash"]): job.id
        for job in jobs
        for each in job.verdicts
        if each.get("tl:hash") and each.get("tl:verdict") in recording
    }


def _errors(draft: Draft) -> list[dict[str, Any]]:
    kind = "ValidationException" if draft.state is State.REFUSED else "ImplementationException"
    return [
        _error(kind, 400, ": ".join(filter(None, (str(each.where), str(each.what)))))
        for each in draft.troubles
        if draft.state in _ENDED
    ]


def _error(kind: str, status: int, detail: str) -> dict[str, Any]:
    return exceptional(kind, "not recorded", status, detail)
