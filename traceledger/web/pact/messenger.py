"""Delivers answers to partners: one thread for each, so that none waits for another's system.

An answer that was not taken goes on in a thread of its own, so that none waits for another's pauses either.

A letter's way, each attempt being a token and a POST::

    waiting --2xx--> delivered
       |--not reached, 5xx, 429--> waiting, after a pause that doubles up to an hour
       '--any other answer, or 72 hours--> given up

as the standard asks for (*Request Fulfilled Event*). Only addresses of the operator's file are called, no
redirect is followed, and of an answer only what is needed is read.
"""

from __future__ import annotations

import json
import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import requests
import stamina
from urllib3.exceptions import HTTPError

from traceledger.errors import InputError, TraceLedgerError
from traceledger.interop.pact import cloudevents
from traceledger.storage.json_text import loads
from traceledger.web.pact.journal import Journal
from traceledger.web.pact.outbox import Letter, Outbox
from traceledger.web.pact.partners import Partner

HOURS = 72
"""After so many a letter is given up."""
_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 3_600.0
_TIMEOUT = (5.0, 20.0)
"""Seconds to reach a partner's system, and for each piece of its answer."""
_MOST_BYTES = 64 * 1024
"""Of an answer."""
_log = logging.getLogger(__name__)


class UndeliveredError(Exception):
    """It did not work this time, and may later."""


class RefusedError(Exception):
    """It will never work."""


class Messenger:
    """Delivers letters in the background.

    Args:
        partners: to whom.
        outbox: where letters wait.
        journal: where it is noted what became of them.
        first_pause: seconds before the second attempt.
    """

    def __init__(
        self,
        partners: Sequence[Partner],
        outbox: Outbox,
        journal: Journal,
        first_pause: float = _FIRST_PAUSE,
    ) -> None:
        self._partners = {each.token: each for each in partners}
        self._outbox = outbox
        self._journal = journal
        self._first_pause = first_pause
        self._queues: dict[str, queue.SimpleQueue[Letter | None]] = {}
        self._lock = threading.Lock()
        self._ended = threading.Event()
        logging.getLogger("stamina").addHandler(logging.NullHandler())

    def start(self) -> None:
        """Begin with what waits from before."""
        for letter in list(self._outbox.all()):
            self.send(letter)

    def send(self, letter: Letter) -> None:
        """Deliver a letter, in the background; one of nobody that is known any more stays where it is."""
        partner = self._partners.get(letter.partner)
        if partner is None or self._ended.is_set():
            return
        with self._lock:
            waiting = self._queues.get(partner.token)
            if waiting is None:
                waiting = self._queues[partner.token] = queue.SimpleQueue()
                name = f"messenger {partner.token}"
                threading.Thread(target=self._run, args=(partner, waiting), name=name, daemon=True).start()
        waiting.put(letter)

    def stop(self) -> None:
        """Begin nothing more; what was not delivered waits for the next start."""
        self._ended.set()
        with self._lock:
            for waiting in self._queues.values():
                waiting.put(None)

    def _run(self, partner: Partner, waiting: queue.SimpleQueue[Letter | None]) -> None:
        while (letter := waiting.get()) is not None and not self._ended.is_set():
            try:
                self._settled(partner, letter, self._attempt)
            except UndeliveredError:
                # It goes on by itself: while it pauses, what comes after it may be taken at once.
                name = f"messenger {partner.token} again"
                threading.Thread(target=self._insist, args=(partner, letter), name=name, daemon=True).start()
            except Exception:  # noqa: BLE001
                # One fault must not end what delivers; the letter waits for the next start.
                _log.exception("delivering an event")

    def _insist(self, partner: Partner, letter: Letter) -> None:
        try:
            self._deliver(partner, letter)
        except Exception:  # noqa: BLE001
            _log.exception("delivering an event")

    def _deliver(self, partner: Partner, letter: Letter) -> None:
        left = letter.at + HOURS * 3_600 - time.time()
        caller = stamina.RetryingCaller(
            attempts=None,
            timeout=max(left, self._first_pause),
            wait_initial=self._first_pause,
            wait_max=_LONGEST_PAUSE,
        )
        try:
            self._settled(partner, letter, lambda *told: caller(UndeliveredError, self._attempt, *told))
        except UndeliveredError as error:
            self._given_up(partner, letter, error)

    def _settled(self, partner: Partner, letter: Letter, deliver: Callable[[Partner, Letter], None]) -> None:
        try:
            deliver(partner, letter)
        except RefusedError as error:
            self._given_up(partner, letter, error)
        else:
            self._journal.note("sent", partner.token, letter.event)
            self._outbox.remove(letter)

    def _given_up(self, partner: Partner, letter: Letter, error: Exception) -> None:
        _log.warning("an event for %s is given up: %s", partner.token, error)
        self._journal.note("given_up", partner.token, letter.event)
        self._outbox.remove(letter)

    def _attempt(self, partner: Partner, letter: Letter) -> None:
        if self._ended.is_set():
            raise SystemExit  # Ends this thread alone; the letter stays.
        with requests.Session() as session:
            # No proxy, credentials or authority of the environment has a say in where secrets go.
            session.trust_env = False
            session.verify = str(partner.authority) if partner.authority else True
            word = _access_token(session, partner)
            answer = _asked(
                session,
                "POST",
                f"{partner.url}/3/events",
                data=json.dumps(dict(letter.event)).encode(),
                headers={
                    "Authorization": f"Bearer {word}",
                    "Content-Type": f"{cloudevents.MEDIA}; charset=UTF-8",
                },
            )
            _require_taken(answer.status)


def _access_token(session: requests.Session, partner: Partner) -> str:
    try:
        credentials = partner.client_id, partner.secret()
    except TraceLedgerError as error:
        raise UndeliveredError(error.sentence) from None
    answer = _asked(
        session,
        "POST",
        _token_address(session, partner),
        data={"grant_type": "client_credentials"},
        auth=credentials,
        headers={"Accept": "application/json"},
    )
    _require_taken(answer.status)
    word = _member(answer, "access_token")
    if not word.isascii() or not word.isprintable() or " " in word:
        raise UndeliveredError("it gave no access token")
    return word


def _token_address(session: requests.Session, partner: Partner) -> str:
    """Where tokens are given: as its discovery says, if that is an address of the same host and port."""
    usual = f"{partner.auth_url}/auth/token"
    answer = _asked(session, "GET", f"{partner.auth_url}/.well-known/openid-configuration")
    try:
        said = _member(answer, "token_endpoint") if answer.status == HTTPStatus.OK else ""
    except UndeliveredError:
        return usual
    own, other = urlsplit(partner.auth_url), urlsplit(said)
    return said if (own.scheme, own.netloc) == (other.scheme, other.netloc) else usual


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    body: bytes


def _asked(session: requests.Session, method: str, address: str, **more: Any) -> _Answer:
    """One question, of whose answer a bounded part is read.

    Raises:
        UndeliveredError: nothing answers there.
    """
    try:
        with session.request(
            method, address, timeout=_TIMEOUT, allow_redirects=False, stream=True, **more
        ) as answer:
            body = answer.raw.read(_MOST_BYTES, decode_content=True)
            return _Answer(answer.status_code, bytes(body or b""))
    except (requests.RequestException, HTTPError, OSError, ValueError) as error:
        raise UndeliveredError(f"{type(error).__name__} at {address}") from None


def _member(answer: _Answer, name: str) -> str:
    try:
        document = loads(answer.body)
    except InputError:
        document = None
    value = document.get(name) if isinstance(document, dict) else None
    if not isinstance(value, str):
        raise UndeliveredError(f"its answer has no {name}")
    return value


def _require_taken(status: int) -> None:
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in (
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.REQUEST_TIMEOUT,
    ):
        raise UndeliveredError(f"it answers {status}")
    raise RefusedError(f"it answers {status}")
