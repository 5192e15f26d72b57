"""Who is let in: whoever has the address with its one-time token, and then the browser that exchanged it.

Each token is exchanged once for a cookie, and then forgotten, as the cookie's session is when it was not used
for long::

    token --exchanged in time--> session --used--> session
      | late, wrong                  | not used for session_seconds, too many others came,
      v                              v or somebody else shows its token once more
    refused                        refused

A token that comes twice was seen by somebody else, such as in the arguments of the browser's process: nobody
knows who came first, so both are out, and the page says how to get another address.

Cookies do not know ports: a browser sends those of 127.0.0.1 to whatever listens on any of its ports, a
program of another user included. So all of a desk lies below a path that nobody can guess
(:attr:`Entrance.place`), and the cookie is for that path.

Example:
    >>> entrance = Entrance(DeskLimits(), lambda: 0.0)
    >>> token = entrance.token()
    >>> cookie = entrance.exchanged(token)
    >>> entrance.session(cookie or "") is not None, entrance.exchanged(token)
    (True, None)
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from dataclasses import dataclass, field

from traceledger.web.desk.settings import Clock, DeskLimits

_BYTES = 32


@dataclass(eq=False)
class Session:
    """A browser that was let in.

    Attributes:
        csrf: what its forms carry, so that no page of others can fill one in.
        notices: sentences for its next page.
        used: when it last asked for something.
    """

    csrf: str
    used: float
    notices: list[str] = field(default_factory=list)

    def took(self) -> list[str]:
        """The sentences for the page that is being made; they are said once."""
        found, self.notices = self.notices, []
        return found


class Entrance:
    """Tokens and sessions of one run of a desk, in memory only.

    Args:
        limits: how many, and for how long.
        clock: tells the time.
    """

    def __init__(self, limits: DeskLimits, clock: Clock) -> None:
        self.place = secrets.token_urlsafe(16)
        """The first segment of every path of this desk."""
        self._limits = limits
        self._clock = clock
        self._lock = threading.Lock()
        self._token: tuple[bytes, float] | None = None
        self._opened: dict[bytes, bytes] = {}
        """Which session each token opened."""
        self._sessions: dict[bytes, Session] = {}

    def token(self) -> str:
        """A new token; one that was not exchanged yet counts no more."""
        made = secrets.token_urlsafe(_BYTES)
        with self._lock:
            self._token = (_digest(made), self._clock() + self._limits.token_seconds)
        return made

    def exchanged(self, token: str) -> str | None:
        """The cookie that a token gives; ``None``: it is wrong, late, or was exchanged before."""
        given = _digest(token)
        with self._lock:
            for known, session in list(self._opened.items()):
                if hmac.compare_digest(known, given):
                    self._sessions.pop(session, None)
            if self._token is None:
                return None
            expected, until = self._token
            if not hmac.compare_digest(expected, given) or self._clock() > until:
                return None
            self._token = None
            cookie = secrets.token_urlsafe(_BYTES)
            self._opened[given] = _digest(cookie)
            self._sessions[_digest(cookie)] = Session(secrets.token_urlsafe(_BYTES), self._clock())
            while len(self._sessions) > self._limits.sessions:
                del self._sessions[min(self._sessions, key=lambda each: self._sessions[each].used)]
            self._opened = {each: key for each, key in self._opened.items() if key in self._sessions}
            return cookie

    def session(self, cookie: str) -> Session | None:
        """The session of a cookie; ``None``: there is none, or none any more."""
        wanted, now = _digest(cookie), self._clock()
        with self._lock:
            for known, session in list(self._sessions.items()):
                if now - session.used > self._limits.session_seconds:
                    del self._sessions[known]
                elif hmac.compare_digest(known, wanted):
                    session.used = now
                    return session
        return None

    def left(self, session: Session) -> None:
        """Let a browser in no more."""
        with self._lock:
            self._sessions = {known: each for known, each in self._sessions.items() if each is not session}


def is_same(given: str, expected: str) -> bool:
    """Whether two secrets are the same, told in the same time whichever they are."""
    return hmac.compare_digest(_digest(given), _digest(expected))


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
