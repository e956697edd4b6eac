"""Publishers and consumers meet in `examples/<type>.json`: one produces it, the others read it."""

import importlib
from importlib.metadata import version
from pathlib import Path

import orjson
import pytest

from kit.app import Service
from kit.asyncapi import document
from kit.events import Payload, Reading
from rapport.parts import PARTS

EXAMPLES = Path("tests/contracts/examples")
SERVICES: list[Service] = [part.service for part in PARTS.values()]
PUBLISHED: list[type[Payload]] = [payload for s in SERVICES for payload in s.publishes]
HEARD = sorted({event_type for s in SERVICES for event_type in s.handlers})


def readings() -> list[type[Reading]]:
    """What the parts read of one another's events."""
    for part in PARTS.values():
        importlib.import_module(f"{part.module}.events")
    return sorted(_leaves(Reading), key=lambda r: (r.__module__, r.__name__))


def _leaves(kind: type[Reading]) -> list[type[Reading]]:
    found = [leaf for sub in kind.__subclasses__() for leaf in _leaves(sub)]
    ours = not kind.__module__.startswith(("tests", "kit"))
    return [*found, kind] if ours and hasattr(kind, "type") else found


def example(event_type: str) -> dict:
    return orjson.loads((EXAMPLES / f"{event_type}.json").read_bytes())["data"]


@pytest.mark.parametrize("payload", PUBLISHED, ids=lambda payload: payload.type)
def test_a_publisher_says_exactly_its_example(payload: type[Payload]) -> None:
    said = payload.model_validate(example(payload.type))
    assert said.model_dump(mode="json") == example(payload.type)


@pytest.mark.parametrize("reading", readings(), ids=lambda r: f"{r.__module__}-{r.type}")
def test_a_consumer_reads_the_example(reading: type[Reading]) -> None:
    reading.model_validate(example(reading.type))


def test_every_example_has_a_publisher() -> None:
    assert {file.stem for file in EXAMPLES.glob("*.json")} == {p.type for p in PUBLISHED}


def test_what_is_heard_is_said_by_somebody() -> None:
    assert set(HEARD) <= {payload.type for payload in PUBLISHED}


def test_a_type_is_said_by_one_service_and_named_after_it() -> None:
    for service in SERVICES:
        for payload in service.publishes:
            assert payload.type.startswith(f"{service.name}.")
    assert len({payload.type for payload in PUBLISHED}) == len(PUBLISHED)


def test_asyncapi_is_fresh() -> None:
    """`make asyncapi` writes it."""
    written = orjson.loads(Path("docs/asyncapi.json").read_bytes())
    assert written == orjson.loads(orjson.dumps(document(SERVICES, version("rapport"))))
