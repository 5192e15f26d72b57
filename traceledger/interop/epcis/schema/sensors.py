"""What sensors report within an event (EPCIS 2.0, section 7.3.7)."""

from __future__ import annotations

from traceledger.interop.epcis.schema.values import (
    HEXADECIMAL,
    NUMBER,
    TEXT,
    TIME,
    URI,
    Schema,
    extensible,
    list_of,
    word_of,
)
from traceledger.interop.epcis.vocabulary import Vocabulary

_OF_DEVICE: dict[str, Schema] = {
    "time": TIME,
    **dict.fromkeys(("deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules"), URI),
}
_METADATA = extensible({**_OF_DEVICE, "startTime": TIME, "endTime": TIME})
_REPORT = extensible(
    {
        **_OF_DEVICE,
        "type": word_of(Vocabulary.MEASUREMENT),
        "exception": word_of(Vocabulary.ALERT),
        "component": word_of(Vocabulary.COMPONENT),
        **dict.fromkeys(("microorganism", "chemicalSubstance", "coordinateReferenceSystem", "uriValue"), URI),
        **dict.fromkeys(("value", "minValue", "maxValue", "meanValue"), NUMBER),
        **dict.fromkeys(("sDev", "percRank", "percValue"), NUMBER),
        "stringValue": TEXT,
        "booleanValue": {"type": "boolean"},
        "hexBinaryValue": HEXADECIMAL,
        "uom": TEXT,
    },
    "type",
)
SENSOR_ELEMENT = extensible(
    {"sensorMetadata": _METADATA, "sensorReport": list_of(_REPORT, minItems=1)},
    "sensorReport",
)
