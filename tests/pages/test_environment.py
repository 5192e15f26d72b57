"""What templates put out: messages in a language, and texts of others that do nothing."""

from __future__ import annotations

import subprocess
import sys

import pytest
from jinja2 import UndefinedError

from traceledger.languages import ENGLISH, LANGUAGES, language
from traceledger.pages.environment import environment, ledger, render
from traceledger.pages.frame import Alternate, Frame, self_contained

HOSTILE = "<script>alert(1)</script>\nVerified \u202e\x1b[2J' \" & %s %(name)s {{ 7*7 }}"


@pytest.mark.parametrize(
    "template",
    [
        "{{ name | ledger }}",
        "{{ name }}",
        '<a title="{{ name }}">',
        "{% trans %}Made by {{ name }}{% endtrans %}",
        "{% trans number=2 %}one {{ name }}{% pluralize %}{{ number }} of {{ name }}{% endtrans %}",
        "{{ _('Made by %(name)s', name=name) }}",
        "{{ pgettext('x', 'Made by %(name)s', name=name) }}",
        "{{ 'Made by ' ~ name }}",
        "{{ name | word('process') }}",
        "{{ name | country }}",
        "{{ name | date }}",
        "{{ name | sentence }}",
        "{% import 'macros.html' as show %}{{ show.others(name) }}",
        "{% import 'macros.html' as show %}{{ show.link(name) }}",
        "{% import 'macros.html' as show %}{% call show.cell(name) %}{{ name }}{% endcall %}",
        "{% import 'macros.html' as show %}{{ show.figure(name, name, name) }}",
    ],
)
def test_texts_of_others_do_nothing(template: str) -> None:
    shown = environment(ENGLISH).from_string(template).render(name=HOSTILE)
    assert "<script" not in shown
    assert "\u202e" not in shown
    assert "\x1b" not in shown
    assert ";\nVerified" not in shown
    assert "%(name)s {{ 7*7 }}" in shown
    assert shown.count('"') % 2 == 0


def test_what_a_template_names_and_does_not_get_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        environment(ENGLISH).from_string("{{ name }}").render()


def test_nothing_is_shown_as_a_dash() -> None:
    assert environment(ENGLISH).from_string("{{ absent }}").render(absent=None) == "\u2013"


def test_ledger_marks_what_it_made_safe() -> None:
    assert environment(ENGLISH).from_string("{{ name }}").render(name=ledger("<b>")) == "&lt;b&gt;"


@pytest.mark.parametrize(
    ("uri", "linked"),
    [
        ("https://example.org/a?b=c&d", True),
        ("http://example.org", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("https:", False),
        ("//example.org", False),
        ("https://[", False),
    ],
)
def test_only_web_addresses_are_linked(uri: str, linked: bool) -> None:
    shown = environment(ENGLISH).from_string("{% import 'macros.html' as m %}{{ m.link(uri) }}")
    assert ("<a " in shown.render(uri=uri)) is linked


def test_the_base_says_its_language_and_links_the_others() -> None:
    others = tuple(Alternate(each, f"{each.code}.html") for each in LANGUAGES)
    page = render("base.html", language("zh-Hans"), frame=self_contained(others, scripts=("let a = 1 < 2",)))
    assert '<html lang="zh-Hans" dir="ltr">' in page
    assert page.count('rel="alternate"') == len(LANGUAGES)
    assert '<a href="de.html" lang="de" hreflang="de">Deutsch</a>' in page
    assert '<span aria-current="true" lang="zh-Hans">简体中文</span>' in page
    assert "<script>let a = 1 < 2</script>" in page
    assert "default-src &#x27;none&#x27;" in page
    assert "unsafe" not in page


def test_a_page_of_a_server_links_its_style() -> None:
    page = render("base.html", ENGLISH, frame=Frame(stylesheet="/static/x.css", scripts=("/static/a.js",)))
    assert '<link rel="stylesheet" href="/static/x.css">' in page
    assert '<script src="/static/a.js" defer></script>' in page
    assert "Content-Security-Policy" not in page


def test_what_is_compiled_once_speaks_every_language() -> None:
    """Constants, too, which a compiler would like to compute beforehand."""
    said = {each.code: render("base.html", each, frame=Frame(stylesheet="/x.css")) for each in LANGUAGES}
    assert len(set(said.values())) == len(LANGUAGES)
    constant = (
        "{{ 'distribution' | word('stage') }} {{ 1234.5 | number }} {% set a = 'CD' | country %}{{ a }}"
    )
    shown = [environment(each).from_string(constant).render() for each in LANGUAGES]
    assert shown[0] == "distribution 1,234.5 Congo - Kinshasa"
    assert shown[1] == "Vertrieb 1.234,5 Kongo-Kinshasa"


def test_nothing_of_babel_is_needed_to_show_a_page() -> None:
    program = (
        "import sys; from traceledger.pages.environment import render\n"
        "from traceledger.pages.frame import Frame; from traceledger.languages import LANGUAGES\n"
        "for each in LANGUAGES: render('base.html', each, frame=Frame(stylesheet='x'))\n"
        "print(*{name.partition('.')[0] for name in sys.modules} & {'babel', 'web3', 'starlette'})"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
