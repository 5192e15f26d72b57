"""schemathesis asks what the API's description allows, and what not: answers must be as it says."""

from __future__ import annotations

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.schemas import OpenApiSchema

from tests.browser.servers import Server
from traceledger.web.openapi import description
from traceledger.web.routes import ROUTES

EXAMPLES = {GenerationMode.POSITIVE: 8, GenerationMode.NEGATIVE: 8}
NAMES = [operation["get"]["operationId"] for operation in description(ROUTES)["paths"].values()]


@pytest.fixture(scope="module")
def described(server: Server) -> OpenApiSchema:
    """The description, as the server gives it."""
    # What is too long for its parameter may be too long for the address, too.
    refused = [400, 401, 403, 404, 406, 414]
    config = schemathesis.Config.from_dict(
        {"checks": {"negative_data_rejection": {"expected-statuses": refused}}}
    )
    return schemathesis.openapi.from_url(f"{server.url}/api/v1/openapi.json", config=config)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=str)
@pytest.mark.parametrize("name", NAMES)
def test_answers_are_as_described(name: str, mode: GenerationMode, described: OpenApiSchema) -> None:
    operation = described.find_operation_by_id(name)
    if mode is GenerationMode.NEGATIVE and not operation.query:
        pytest.skip("what takes no parameters has no wrong ones")

    with requests.Session() as session:

        @settings(
            max_examples=EXAMPLES[mode],
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(mode))
        def asked(case: schemathesis.Case) -> None:
            # Nobody makes a cursor up (test_http.py tries forged ones); a target must lie after years
            # that no schema can tell.
            if mode is GenerationMode.POSITIVE and case.query:
                case.query.pop("cursor", None)
                case.query.pop("target", None)
            case.call_and_validate(session=session)

        asked()
