"""Builds and reads the CloudEvents envelope in which every domain event travels."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from contracts.declare import EventType
from kernel.zone import SHANGHAI

#: Version of CloudEvents that the envelope follows.
SPEC_VERSION = "1.0"
#: Digits of `sequence`, which compares as text.
SEQUENCE_DIGITS = 12
#: What the mirrored AMQP headers begin with (CloudEvents AMQP binding 3.1.3.1).
HEADER_PREFIX = "cloudEvents_"
#: Attributes that AMQP tells in properties of its own or that are the body itself.
_NOT_MIRRORED = frozenset(("data", "datacontenttype"))


class InvalidEnvelope(ValueError):
    """A message body is no envelope; the message goes to the dead letters, for a second try cannot help."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"no valid envelope: {reason}")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Envelope:
    """A received event, its attributes typed. `sequence` counts the events of its subject."""

    id: str
    type: str
    source: str
    subject: str
    sequence: int
    time: datetime
    recorded_time: datetime
    org_id: str
    region_code: str
    classification: str
    traceparent: str | None
    causation_id: str | None
    data: Mapping[str, Any]

    @classmethod
    def parse(cls, body: Any) -> Self:
        """Read a decoded body; raises `InvalidEnvelope`. What `data` must hold is the matter of `validation`."""
        try:
            return cls(
                # the inbox compares ids, and a UUID may be written in capitals
                id=str(UUID(body["id"])),
                type=body["type"],
                source=body["source"],
                subject=body["subject"],
                sequence=int(body["sequence"]),
                time=datetime.fromisoformat(body["time"]),
                recorded_time=datetime.fromisoformat(body["recordedtime"]),
                org_id=body["orgid"],
                region_code=body["regioncode"],
                classification=body["dataclassification"],
                traceparent=body.get("traceparent"),
                causation_id=body.get("causationid"),
                data=body["data"],
            )
        except KeyError as missing:
            raise InvalidEnvelope(f"{missing.args[0]} is missing") from None
        except (AttributeError, TypeError, ValueError):
            raise InvalidEnvelope("not an object of texts") from None


def build(
    event_type: EventType,
    data: Mapping[str, Any],
    *,
    event_id: str,
    sequence: int,
    time: datetime,
    recorded_time: datetime,
    org_id: str,
    region_code: str,
    traceparent: str | None = None,
    causation_id: str | None = None,
) -> dict[str, Any]:
    """Build an envelope. `data` is what the event's schema dumped; both times know their offset."""
    subject = data[event_type.subject]
    envelope = {
        "specversion": SPEC_VERSION,
        "id": event_id,
        "source": source_of(event_type),
        "type": event_type.type,
        "subject": subject,
        "time": time.astimezone(SHANGHAI).isoformat(),
        "datacontenttype": "application/json",
        "dataschema": event_type.dataschema,
        "sequence": f"{sequence:0{SEQUENCE_DIGITS}}",
        "partitionkey": subject,
        "orgid": org_id,
        "regioncode": region_code,
        "recordedtime": recorded_time.astimezone(SHANGHAI).isoformat(),
        "dataclassification": event_type.classification.value,
        "data": data,
    }
    if traceparent is not None:
        envelope["traceparent"] = traceparent
    if causation_id is not None:
        envelope["causationid"] = causation_id
    return envelope


def source_of(event_type: EventType) -> str:
    """The CloudEvents `source` of a service's events."""
    return f"urn:unionhall:{event_type.service}"


def headers(envelope: Mapping[str, Any]) -> dict[str, str]:
    """The envelope's attributes as AMQP headers, for consumers that filter without reading the body."""
    return {HEADER_PREFIX + name: value for name, value in envelope.items() if name not in _NOT_MIRRORED}
