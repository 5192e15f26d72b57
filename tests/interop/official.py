"""What the schemas that standards publish say of a document."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jsonschema_rs import validator_for


def faults(schema: Path, document: Any) -> list[str]:
    """What is wrong with a document by the schema in a file, formats too."""
    validator = validator_for(json.loads(schema.read_bytes()), validate_formats=True)
    return [each.message for each in validator.iter_errors(document)]
