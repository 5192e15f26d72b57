r"""Templates: one set of filters, one rule of escaping, seven languages.

Templates lie in ``pages/templates`` and ``web/templates``. They find ``language`` everywhere, write messages
as ``{% trans %}…{% endtrans %}`` or ``_("…")``, and these filters, in their language:

========================= ==============================================================================
``mass``, ``co2e``         mg, a number or a decimal string: ``20.26 t``, ``20.26 t CO2e``
``per_kg(mass_mg)``        mg CO2e for each kilogram: ``11.4 kg CO2e/kg``; ``per_unit(85, "kWh")`` otherwise
``percent``                a share, 0 to 1
``number``                 with separators; ``number(decimals=2)``
``date``, ``datetime``     UTC, of seconds or ISO 8601; ``iso`` for the attribute of ``<time>``
``country``                name of a country by code
``word(theme)``            a slug of documents in words, such as ``word("stage")``: ``pages/word_tables.py``
``group(by)``              the name of a group or place of emissions
``trouble``, ``issue``      clauses of ``wrong`` and of an audit's messages: ``pages/clauses.py``
``sentence``               a text with a capital at its beginning
``used``                   of a document's ``co2e``, the figures that count
``ledger``                 text of others: on one line, seen as it is, and does nothing
========================= ==============================================================================

Text that no filter made safe, and that no template wrote, is treated as ``ledger`` treats it, wherever it is
put out: whoever forgets the filter shows nothing that acts. ``{% if uri is web_address %}`` tells what may be
a link.

Example:
    >>> from traceledger.languages import language
    >>> show = environment(language("de")).from_string("{{ name }}: {{ '20264000000' | mass }}")
    >>> show.render(name="<b>a\nb").replace(chr(0xA0), " ")
    '&lt;b&gt;a\\nb: 20,26 t'
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any
from urllib.parse import urlsplit

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.bccache import Bucket
from markupsafe import Markup

from traceledger.documents import traces
from traceledger.languages import Language
from traceledger.model.text import Surface, escaped
from traceledger.pages import clauses, formats, words
from traceledger.pages.gravity import gravity

PACKAGE = Path(__file__).parent.parent
FOLDERS = (PACKAGE / "pages" / "templates", PACKAGE / "web" / "templates")
"""Where templates are looked for, in this order."""
ABSENT = "\u2013"
"""What stands where a document has null."""


class _Compiled(BytecodeCache):
    """What templates compile to, for all languages: none of it depends on the language."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._known.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._known[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _Compiled()


def render(template: str, language: Language, /, **values: object) -> Markup:
    """A page or a picture from a template.

    Args:
        template: its path below ``templates``, such as ``declaration.html``.
        language: in which it is written.
        values: what the template names; one that it names and does not get is an error.
    """
    # Every value went through the environment's escaping.
    return Markup(environment(language).get_template(template).render(values))  # noqa: S704


@cache
def environment(language: Language) -> Environment:
    """The templates in one language."""
    made = Environment(
        loader=FileSystemLoader(FOLDERS),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=_COMPILED,
        finalize=_finalized,
    )
    made.policies["ext.i18n.trimmed"] = True
    made.globals["language"] = language
    made.tests["web_address"] = is_web_address
    made.filters.update(_filters(language), gravity=gravity)
    _install_messages(made, language)
    return made


def ledger(text: str) -> Markup:
    """Text of others as it may stand on a page, in an element or a quoted attribute."""
    return Markup(escaped(text, Surface.PAGE))  # noqa: S704 - this is what makes it safe


def is_web_address(uri: str) -> bool:
    """Whether a link may lead there: ``javascript:`` and the like are shown as text."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return False
    return parts.scheme in ("https", "http") and bool(parts.netloc)


def _filters(language: Language) -> dict[str, Any]:
    spoken: dict[str, Callable[..., str]] = {
        "mass": formats.mass,
        "co2e": formats.co2e,
        "percent": formats.percent,
        "number": formats.number,
        "date": formats.date,
        "datetime": formats.moment,
        "country": formats.country,
        "word": _word,
        "group": words.group,
        "trouble": clauses.TROUBLES.anew,
        "issue": clauses.ISSUES.anew,
        "per_kg": formats.per_kg,
        "per_unit": formats.per_unit,
    }
    return {name: _spoken(function, language) for name, function in spoken.items()} | {
        "iso": formats.iso,
        "ledger": ledger,
        "sentence": words.capital,
        "used": traces.used,
    }


def _word(slug: str, theme: str, language: Language) -> str:
    """A slug in words; what is no slug of ours is a text of others, such as the name of a process."""
    if words.is_known(slug, theme):
        return words.word(slug, theme, language)
    return Markup('<span class="others" translate="no" dir="auto">{}</span>').format(ledger(slug))


def _spoken(function: Callable[..., str], language: Language) -> Callable[..., str]:
    # Takes the context, and looks at nothing in it: what takes it is not computed while a template is
    # compiled, which is done once for all languages.
    @pass_context
    def spoken(_context: object, *arguments: object, **named: object) -> str:
        return function(*arguments, language, **named)

    return spoken


def _finalized(value: object) -> object:
    """What an expression puts out: text that nobody vouched for is text of others."""
    if value is None:
        return ABSENT
    return _safe(value)


def _safe(value: object) -> object:
    return ledger(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _install_messages(made: Environment, language: Language) -> None:
    """Messages of catalogues are ours and may hold elements; what is put into them is made safe before."""

    def filled(message: str, variables: dict[str, object]) -> Markup:
        return Markup(message) % {name: _safe(value) for name, value in variables.items()}  # noqa: S704

    def gettext(message: str, /, **variables: object) -> Markup:
        return filled(language.gettext(message), variables)

    def ngettext(singular: str, plural: str, num: int, /, **variables: object) -> Markup:
        return filled(language.ngettext(singular, plural, num), {"num": num} | variables)

    def pgettext(context: str, message: str, /, **variables: object) -> Markup:
        return filled(language.pgettext(context, message), variables)

    def npgettext(context: str, singular: str, plural: str, num: int, /, **variables: object) -> Markup:
        return filled(language.npgettext(context, singular, plural, num), {"num": num} | variables)

    made.globals.update(gettext=gettext, ngettext=ngettext, pgettext=pgettext, npgettext=npgettext)
    # Jinja's own functions of the new style would escape variables for HTML only.
    vars(made)["newstyle_gettext"] = True
