"""JSON Schemas of the documents that the API answers with, by the name of their route.

They say what is there, and leave room for what is to come: a member that a schema does not name may be new.
``tests/web/test_api.py`` holds real answers against them, and finds members that no schema names.

Example:
    >>> sorted(SCHEMAS["footprint"]["required"])[:3]
    ['as_of', 'batch', 'co2e']
"""

from traceledger.documents.schemas import batches, ledger, registry
from traceledger.documents.schemas.parts import DISCLOSED, Schema, record

SCHEMAS: dict[str, Schema] = {
    name: record(schema, optional=DISCLOSED)
    for name, schema in (batches.SCHEMAS | registry.SCHEMAS | ledger.SCHEMAS).items()
}

__all__ = ["SCHEMAS"]
