"""What is said of a body that is wrong in very many places."""

import pytest
from pydantic import Field, ValidationError

from kit.bodies import MOST_ERRORS, Body


class Item(Body):
    sku: str


class Order(Body):
    items: list[Item]
    labels: dict[str, int] = Field(default_factory=dict)


def errors_of(body: object) -> list[tuple[tuple[int | str, ...], str]]:
    with pytest.raises(ValidationError) as refused:
        Order.model_validate(body)
    return [(error["loc"], error["type"]) for error in refused.value.errors()]


def extra(count: int) -> dict[str, int]:
    return {f"field-{number}": number for number in range(count)}


def test_every_error_is_listed_as_long_as_there_are_few() -> None:
    found = errors_of({"items": [], **extra(MOST_ERRORS)})
    assert found == [((name,), "extra_forbidden") for name in extra(MOST_ERRORS)]


@pytest.mark.parametrize(
    ("body", "place"),
    [
        pytest.param({"items": [], **extra(60_000)}, (), id="unknown fields"),
        pytest.param({"items": [{}] * 60_000}, (), id="items that lack something"),
        pytest.param({"items": [], "labels": dict.fromkeys(extra(60_000), "x")}, (), id="values"),
        pytest.param({"items": [{"sku": "a", **extra(60_000)}]}, ("items", 0), id="further in"),
    ],
)
def test_of_very_many_errors_only_their_number_is_told(
    body: object, place: tuple[int | str, ...]
) -> None:
    assert errors_of(body) == [(place, "too_many_errors")]
