"""The rows of the PACT API."""

from __future__ import annotations

from traceledger.interop.pact.choosing import TEXTS, TIMES
from traceledger.interop.pact.cloudevents import MEDIA
from traceledger.web.endpoint import Body, Endpoint, Method
from traceledger.web.pact import token_view, views
from traceledger.web.pact.style import OAuth, Pact
from traceledger.web.scopes import Scope

_FILTERS = {
    **{name: f"Footprints with this {name}; repeat it for alternatives." for name in TEXTS},
    **dict.fromkeys(TIMES, "A time of ISO 8601, compared with the validity period."),
    "limit": f"Footprints in one answer, {views.MOST_OF_PAGE} at most; {views.PAGE} by default.",
    "after": "Id of the last one of the page before, as the header Link has it.",
}

PACT_ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint(
        "/.well-known/openid-configuration",
        OAuth(),
        {
            "GET": Method(
                "pact_discovery", token_view.discovery, "Where access tokens are given.", bearing=False
            )
        },
    ),
    Endpoint(
        token_view.PATH,
        OAuth(),
        {
            "POST": Method(
                "pact_token",
                token_view.token,
                "An access token for the name and the secret of a token, by HTTP Basic.",
                bearing=False,
                body=Body((token_view.FORM,), token_view.MOST_BYTES),
            )
        },
    ),
    Endpoint(
        "/3/footprints",
        Pact(),
        {
            "GET": Method(
                "pact_footprints",
                views.footprints,
                "Product carbon footprints of the PACT Technical Specifications 3.0.3.",
                scope=Scope.FOOTPRINTS,
                access=True,
                long=True,
                parameters=_FILTERS,
            )
        },
    ),
    Endpoint(
        "/3/footprints/{id}",
        Pact(),
        {
            "GET": Method(
                "pact_footprint",
                views.footprint,
                "One footprint, deprecated ones too.",
                scope=Scope.FOOTPRINTS,
                access=True,
                long=True,
            )
        },
    ),
    Endpoint(
        "/3/events",
        Pact(),
        {
            "POST": Method(
                "pact_events",
                views.events,
                "Takes an event of another system: a request, an answer, or the news of a footprint.",
                scope=Scope.FOOTPRINTS,
                access=True,
                long=True,
                body=Body((MEDIA, "application/json"), views.MOST_EVENT_BYTES),
            )
        },
    ),
)
