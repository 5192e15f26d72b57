"""The resolver of GS1 Digital Links: what a scanned code of a batch leads to.

GS1-Conformant Resolver Standard 1.2: a key is answered with a redirect (307) to its default link, or to the
one of the type that is asked for; with all of them as a link set (RFC 9264) where that is asked for; with 400
where it can be no key, and with 404 where nothing is known of it. Not answered: compressed links.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from traceledger.errors import InputError
from traceledger.interop.directory import Directory
from traceledger.interop.epcis import uris
from traceledger.interop.linkset import (
    CONTEXT,
    MEDIA,
    NAMESPACE,
    Link,
    Linkset,
    Wanted,
    chosen,
    header,
    wanted,
)
from traceledger.interop.passport.formats import FORMATS
from traceledger.languages import ENGLISH, LANGUAGES
from traceledger.model import gs1
from traceledger.names import LedgerNames
from traceledger.web import passports
from traceledger.web.endpoint import Call, Endpoint, Method, Plain, Reply
from traceledger.web.pages import LANGUAGE
from traceledger.web.paths import API, link
from traceledger.web.problems import refuse
from traceledger.web.reading import Reading

if TYPE_CHECKING:
    from traceledger.model.batches import Batch

_HTML = "text/html"
_JSON = "application/json"
_SAME = "http://www.w3.org/2002/07/owl#sameAs"
_CONTEXT = "http://www.w3.org/ns/json-ld#context"
_TITLE = "Footprint, origins and recycled content"
_HINT = "the keys are explained at https://www.gs1.org/standards/id-keys"
_KINDS: Mapping[str, str] = {
    "battery-passport": "dpp",
    "passport": "dpp",
    "certificate": "certificationInfo",
    "declaration-of-conformity": "certificationInfo",
    "dismantling": "instructions",
    "instructions": "instructions",
    "dismantling-manual": "instructions",
    "removal-manual": "instructions",
    "safety": "safetyInfo",
    "safety-instructions": "safetyInfo",
    "test-report": "certificationInfo",
    "third-party-assurance": "certificationInfo",
    "recycling": "sustainabilityInfo",
    "due-diligence-report": "sustainabilityInfo",
    "footprint-study": "sustainabilityInfo",
    "sustainability-report": "sustainabilityInfo",
}
"""Link types of documents of master data by their kinds; others are ``related``."""


class Open(Plain):
    """Answers that scripts of any page may read: what a code on a product says is for everybody."""

    @property
    def pages(self) -> bool:
        """So that people can read why a code leads nowhere."""
        return True

    @property
    def headers(self) -> Mapping[str, str]:
        """CORS, without anybody's credentials, and what an answer depends on."""
        return {
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
            "Access-Control-Allow-Headers": "Accept, Accept-Language",
            "Access-Control-Expose-Headers": "Link, Location",
            "Cross-Origin-Resource-Policy": "cross-origin",
            "Vary": "Accept, Accept-Language, Authorization",
            "Cache-Control": "no-cache",
        }


@dataclass(frozen=True)
class KeyEndpoint(Endpoint):
    """The Digital Links of a primary key: with whatever qualifies it, a slash at the end or none.

    Attributes:
        names: its Application Identifier, and the words that stood for it in earlier editions.
    """

    names: tuple[str, ...] = ()

    def matched(self, raw_path: str) -> dict[str, str] | None:
        """Whether a raw path begins with the key; all of it is read by the view."""
        _, first, *rest = (*raw_path.split("/"), "")
        return {} if first in self.names and any(rest) else None


def resolve(reading: Reading, call: Call) -> Reply:
    """Where a Digital Link leads, or all that there is of it.

    Raises:
        ProblemError: it can be no key, nothing is known of it, or there is no link of that type.
    """
    said = next((value for name, value in call.query if name == "linkType"), "")
    want = wanted(call.headers.get("accept", ""), call.headers.get("accept-language", ""), said)
    links = _links(reading, call, _key(call.raw_path))
    key = gs1.read(links.anchor)
    same = [] if key is None else [(key.link, _SAME, "")]
    more = [(f"{links.anchor}?linkType=linkset", "linkset", MEDIA), *same]
    if want.linkset:
        named = {"Link": header([*more, (CONTEXT, _CONTEXT, "application/ld+json")])}
        answer = Reply.of(links.to_dict(plain=want.plain), media=MEDIA)
        return Reply(answer.body, answer.status, answer.media, named)
    found = _chosen(links, want, call)
    return Reply(status=HTTPStatus.TEMPORARY_REDIRECT, headers={"Location": found, "Link": header(more)})


def describe(reading: Reading, call: Call) -> Reply:
    """What this resolver is (the standard's file ``/.well-known/gs1resolver``)."""
    return Reply.of(
        {
            "resolverRoot": call.base,
            "name": f"TraceLedger, network {reading.network.name}",
            "supportedPrimaryKeys": ["all"],
            "supportedLinkType": [{"namespace": NAMESPACE, "prefix": "gs1:"}],
            "linkTypeDefaultCanBeLinkset": False,
            "jsonLdContextLocation": CONTEXT,
        }
    )


def _chosen(links: Linkset, want: Wanted, call: Call) -> str:
    found = chosen(links, want)
    if found is None:
        kinds = sorted({each.type for each in links.links} - {"alternate", "related"})
        raise refuse(
            404,
            "no-such-link",
            f"there is no link of the type {want.type[:80]!r}",
            where="linkType",
            hint=f"there are: {', '.join(kinds)}; linkset has all",
        )
    language = next((value for name, value in call.query if name == LANGUAGE), "")
    is_page = found.href.startswith(call.base) and found.media in ("", _HTML)
    # The reader chose it by name, which counts more than what the browser says.
    if is_page and language in {each.code for each in LANGUAGES}:
        return f"{found.href.partition('?')[0]}?{urlencode({LANGUAGE: language})}"
    return found.href


def _key(raw_path: str) -> gs1.Key:
    """The key that a raw path is.

    Raises:
        ProblemError: it can be none.
    """
    try:
        found = gs1.read(gs1.RESOLVER + raw_path)
    except InputError as fault:
        raise refuse(400, "no-gs1-key", fault.what.replace(gs1.RESOLVER, ""), hint=fault.hint) from None
    if found is None:
        raise refuse(400, "no-gs1-key", "this is no GS1 Digital Link", hint=_HINT)
    return found


def _links(reading: Reading, call: Call, key: gs1.Key) -> Linkset:
    """All links of what has a key: a batch, else the lot that an item is of, else a kind of material.

    Raises:
        ProblemError: nothing has it.
    """
    directory = Directory(reading.index, reading.masterdata)
    for length in range(len(key.qualifiers), -1, -1):
        part = gs1.Key(key.primary, key.qualifiers[:length])
        if part.is_class and part != key:
            break
        if (batch := directory.recorded_batch(part.link)) is not None:
            return _of_batch(reading, call, part, batch)
    if (batch := _numbered(reading, key)) is not None:
        return _of_batch(reading, call, key, batch)
    material = reading.masterdata.material_by(key.link) if key.is_class else None
    found = reading.index.material(material) if material else None
    if found is None:
        raise refuse(
            404, "unknown-key", f"no batch has the key {key.element_string}", hint="/batches lists them"
        )
    pages = tuple(_pages(call.base + link("materials", found.slug)))
    named = tuple(_documents(reading, found.slug, ""))
    lots = f"{call.base}{API}/batches?{urlencode({'material': found.slug})}"
    listed = Link("traceability", lots, "Batches of it", _JSON)
    return Linkset(key.at(call.base), found.name, (*pages, listed, *named))


def _numbered(reading: Reading, key: gs1.Key) -> Batch | None:
    """The batch whose own identifier is the serial or lot number in a key, of the material of its GTIN.

    Battery passports name a battery so, whose maker calls it by a plain number.
    """
    number = key.get("21") or key.get("10")
    slug = reading.masterdata.material_by(key.kind.link) if key.gtin and number else None
    material = reading.index.material(slug) if slug else None
    if material is None or not number:
        return None
    found = [
        each
        for each in reading.index.batches_called(number)
        if each.identifier == number and each.material == material.id
    ]
    return found[0] if len(found) == 1 else None


def _of_batch(reading: Reading, call: Call, key: gs1.Key, batch: Batch) -> Linkset:
    names = LedgerNames(reading.index)
    name, site = names.batch(batch.id), names.facility(batch.facility)
    material = names.goods(batch.material)
    api = f"{call.base}{API}{link('batches', name)}"
    # In EPCIS a lot is a class with a quantity, and only what has a serial number an EPC.
    condition = "MATCH_anyEPC" if uris.is_instance(name) else "MATCH_anyEPCClass"
    events = f"{call.base}/events?{urlencode({condition: uris.lot(name)})}"
    links = (
        *_pages(call.base + link("batches", name), api),
        Link("traceability", f"{call.base}{link('batches', name, 'graph')}", "Lineage", _HTML),
        Link("traceability", f"{api}/trace", "Origins, CO2e, recycled content and traced share", _JSON),
        *([Link("traceability", f"{api}/proof", "Proof file, verified offline")] if reading.prover else ()),
        Link("epcis", events, "Events, as EPCIS 2.0", _JSON),
        Link("sustainabilityInfo", f"{api}/declaration", "Product Sustainability Declaration", _JSON),
        Link("sustainabilityInfo", f"{api}/footprint", "CO2e", _JSON),
        *_passports(reading, call, name, material.slug if material else ""),
        Link("certificationInfo", call.base + link("facilities", site), "Assessments of the site", _HTML),
        *_documents(reading, material.slug if material else "", site),
    )
    described = f"{material.name}, {name}" if material else name
    return Linkset(key.at(call.base), described, links)


def _passports(reading: Reading, call: Call, name: str, material: str) -> Iterator[Link]:
    """The public files of a battery's passport; of what is no battery, none."""
    if passports.has_passport(reading, material):
        for model in passports.MODELS:
            title = f"Battery passport for everybody: {FORMATS[model].title}"
            yield Link("dpp", passports.address(call.base, name, model), title, _JSON)


def _pages(page: str, document: str = "") -> Iterator[Link]:
    """The default link, and what stands beside it: its languages, and a document for programs."""
    yield Link("defaultLink", page, ENGLISH.gettext(_TITLE))
    for kind in ("defaultLinkMulti", "pip"):
        for each in LANGUAGES:
            title = each.gettext(_TITLE)
            yield Link(kind, f"{page}?{urlencode({LANGUAGE: each.code})}", title, _HTML, each.code)
    if document:
        yield Link("defaultLinkMulti", document, "The batch, for programs", _JSON)
        yield Link("alternate", document, "The batch, for programs", _JSON)


def _documents(reading: Reading, material: str, site: str) -> Iterator[Link]:
    """Documents that master data link to; of a battery those that are for everybody."""
    battery = passports.has_passport(reading, material)
    for each in reading.masterdata.documents_of(material=material, facility=site):
        if battery and not passports.is_for_everybody(each.kind):
            continue
        title = each.title or each.kind.replace("-", " ").capitalize()
        yield Link(_KINDS.get(each.kind, "related"), each.url, title, each.content_type)


_STYLE = Open()
_RESOLVED = {
    307: "It leads to the default link, or to the one of the type that is asked for.",
    200: "All links, as a link set (RFC 9264).",
    400: "It can be no key: a check digit, a length, a letter or what qualifies it is wrong.",
    404: "No batch has this key, or there is no link of that type.",
}
_ALPHAS: Mapping[str, tuple[str, ...]] = {code: gs1.names_of(code) for code in gs1.QUALIFIERS}

RESOLVER_ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint(
        "/.well-known/gs1resolver",
        _STYLE,
        {"GET": Method("gs1_resolver", describe, "What this resolver of GS1 Digital Links is.")},
    ),
    *(
        KeyEndpoint(
            f"/{code}/{{key}}",
            _STYLE,
            {
                "GET": Method(
                    f"digital_link_{code}",
                    resolve,
                    f"Where a GS1 Digital Link of the key ({code}) leads, with or without what qualifies it.",
                    parameters={
                        "linkType": "`linkset` or `all`: all links; `gs1:…`: the one of that type.",
                        "lang": "Language of the page.",
                    },
                    media=MEDIA,
                    answers=_RESOLVED,
                )
            },
            names=(code, *names),
        )
        for code, names in _ALPHAS.items()
    ),
)
"""Rows of the table of endpoints."""
