"""GS1 Digital Link: what a scanned code leads to, as a link set (RFC 9264) in the words of GS1.

What is followed: GS1-Conformant Resolver Standard 1.2 (which links there must be, how one of them is chosen,
what each says), RFC 9264 (the document ``application/linkset+json``), GS1 Web Vocabulary (link types).
``links.py`` has links and sets of them, ``choosing.py`` says which one a request means. Which links a batch
has, their addresses, and HTTP are the web's (``traceledger/web/resolver.py``).

Example:
    >>> page = Link("defaultLink", "https://ledger.example/batches/oem/VIN-1", "Battery")
    >>> made = Linkset("https://ledger.example/01/09506000134352/21/7", "Battery oem/VIN-1", (page,))
    >>> sorted(made.to_dict()["linkset"][0])
    ['anchor', 'https://ref.gs1.org/voc/defaultLink', 'itemDescription']
"""

from traceledger.interop.linkset.choosing import Wanted, chosen, wanted
from traceledger.interop.linkset.links import CONTEXT, MEDIA, NAMESPACE, Link, Linkset, header, link_type

__all__ = [
    "CONTEXT",
    "MEDIA",
    "NAMESPACE",
    "Link",
    "Linkset",
    "Wanted",
    "chosen",
    "header",
    "link_type",
    "wanted",
]
