"""AsyncAPI 3.0 from the event models: what each service says, and who hears it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from pydantic.json_schema import models_json_schema

from kit.events import service_of

if TYPE_CHECKING:
    from kit.app import Service

_ADDRESS = "evt.{type}.p{{partition}}"


def document(services: Iterable["Service"], version: str) -> dict[str, Any]:
    """The document of all `services`. Deterministic: the same models give the same document."""
    parts = sorted(services, key=lambda service: service.name)
    payloads = sorted((p for s in parts for p in s.publishes), key=lambda payload: payload.type)
    keys, schemas = models_json_schema(
        [(payload, "serialization") for payload in payloads],
        ref_template="#/components/schemas/{model}",
    )
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Rapport events",
            "version": version,
            "description": "CloudEvents 1.0 in JSON over NATS JetStream.",
        },
        "channels": {payload.type: _channel(payload.type) for payload in payloads},
        "operations": _operations(parts),
        "components": {
            "messages": {
                payload.type: _message(payload.type, keys[payload, "serialization"])
                for payload in payloads
            },
            "schemas": schemas.get("$defs", {}),
        },
    }


def _channel(event_type: str) -> dict[str, Any]:
    return {
        "address": _ADDRESS.format(type=event_type),
        "messages": {"event": {"$ref": f"#/components/messages/{event_type}"}},
        "parameters": {"partition": {"description": "00 to 15, from the event's subject."}},
    }


def _message(event_type: str, schema: Any) -> dict[str, Any]:
    return {
        "name": event_type,
        "contentType": "application/cloudevents+json",
        "payload": {
            "type": "object",
            "required": ["specversion", "id", "source", "type", "time", "data"],
            "properties": {
                "specversion": {"const": "1.0"},
                "id": {"type": "string", "format": "uuid"},
                "source": {"const": f"/{service_of(event_type)}"},
                "type": {"const": event_type},
                "subject": {"type": "string"},
                "time": {"type": "string", "format": "date-time"},
                "datacontenttype": {"const": "application/json"},
                "correlationid": {"type": "string"},
                "causationid": {"type": "string"},
                "traceparent": {"type": "string"},
                "aggregateversion": {"type": "integer"},
                "receiptid": {"type": "string", "format": "uuid"},
                "data": schema,
            },
        },
    }


def _operations(parts: Iterable["Service"]) -> dict[str, Any]:
    operations = {}
    for part in parts:
        for payload in sorted(part.publishes, key=lambda payload: payload.type):
            operations[f"{part.name} says {payload.type}"] = _operation("send", payload.type)
        for event_type in sorted(part.handlers):
            operations[f"{part.name} hears {event_type}"] = _operation("receive", event_type)
    return operations


def _operation(action: str, event_type: str) -> dict[str, Any]:
    return {"action": action, "channel": {"$ref": f"#/channels/{event_type}"}}
