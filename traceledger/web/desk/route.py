"""What a row of the desk's table says.

Example:
    >>> row = Route("GET", "/drafts/{draft}", lambda visit: Answer.page(), "desk/draft.html")
    >>> row.matched("/drafts/a%2Fb"), row.matched("/drafts")
    ({'draft': 'a/b'}, None)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from traceledger.web.desk.visit import Answer, Visit
from traceledger.web.paths import matched

Handler = Callable[[Visit], Answer]


@dataclass(frozen=True)
class Route:
    """A row: what is done with a request.

    A handler runs in a thread, may read, and changes something only where the method is POST.

    Attributes:
        method: of HTTP; ``GET`` stands for ``HEAD``, too.
        path: below the desk's place, with a slot in braces for each name; a slot is one segment of the path.
        handler: what answers.
        template: of its page, below ``templates``; empty: it answers none.
        uploads: whether its form may have files.
        quiet: whether it is no use of the desk: asked by a page by itself, it keeps no key unlocked.
        scripts: of the page, by the names of their files.
    """

    method: Literal["GET", "POST"]
    path: str
    handler: Handler
    template: str = ""
    uploads: bool = False
    quiet: bool = False
    scripts: tuple[str, ...] = ()

    def matched(self, raw_path: str) -> dict[str, str] | None:
        """The names in a raw path of this row; ``None``: it is another's."""
        return matched(self.path, raw_path)
