"""Writes the tables of docs/operations.md from the code: `make tables`.

Settings come from the parts' Settings classes, metrics from the registry once all parts are
imported. A test fails when the document does not hold what this would write.
"""  # noqa: INP001  (run from the repository, never installed)

from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path

from prometheus_client import REGISTRY
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from kit.settings import Settings

DOCUMENT = Path(__file__).parents[1] / "docs" / "operations.md"
PARTS = {
    "gateway": "gateway",
    "profile": "services.profile",
    "loyalty": "services.loyalty",
    "feedback": "services.feedback",
    "notify": "services.notify",
}
RUNTIMES_OWN = ("python_", "process_")
"""Metrics of the Python client itself, the same everywhere."""


def settings_of(part: str) -> type[Settings]:
    """The Settings class of a part."""
    found: type[Settings] = import_module(f"{PARTS[part]}.settings").Settings
    return found


def own_settings(part: str) -> Mapping[str, FieldInfo]:
    """The settings a part has beside those of every part."""
    every = Settings.model_fields
    return {
        name: field for name, field in settings_of(part).model_fields.items() if name not in every
    }


def settings_table(fields: Mapping[str, FieldInfo]) -> str:
    """A row for each setting: its name in the environment, its default, what it means."""
    rows = [(f"`{n.upper()}`", default_of(n, f), f.description or "") for n, f in fields.items()]
    return table(("setting", "default", "meaning"), rows)


def default_of(name: str, field: FieldInfo) -> str:
    """A setting's default as it would be written in the environment."""
    value = field.default
    if name == "database":
        return "the part's name"
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if isinstance(value, frozenset):
        value = ",".join(sorted(value))
    return (
        f"`{str(value).lower() if isinstance(value, bool) else value}`"
        if value not in ("", None)
        else ""
    )


def metrics() -> Iterator[tuple[str, str, str]]:
    """Name, type and meaning of every metric our code defines."""
    for module in PARTS.values():
        import_module(f"{module}.main")
    for family in REGISTRY.collect():
        if not family.name.startswith(RUNTIMES_OWN):
            name = f"{family.name}_total" if family.type == "counter" else family.name
            yield name, family.type, family.documentation


def metrics_table() -> str:
    """A row for each metric."""
    rows = sorted((f"`{name}`", kind, meaning) for name, kind, meaning in metrics())
    return table(("metric", "type", "meaning"), rows)


def table(head: tuple[str, ...], rows: list[tuple[str, str, str]]) -> str:
    """A table in Markdown."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(
        f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines
    )


def tables() -> dict[str, str]:
    """The generated tables by the name of their place in the document."""
    every = {"settings of every part": settings_table(Settings.model_fields)}
    own = {
        f"settings of {part}": settings_table(fields)
        for part in PARTS
        if (fields := own_settings(part))
    }
    return {**every, **own, "metrics": metrics_table()}


def written(document: str) -> str:
    """The document with every table in its place, between two comments that name it."""
    for name, content in tables().items():
        begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
        before, _, rest = document.partition(begin)
        _, _, after = rest.partition(end)
        if not rest or not after:
            raise ValueError(f"{DOCUMENT} has no place for the {name}: {begin} ... {end}")
        document = f"{before}{begin}\n{content}\n{end}{after}"
    return document


if __name__ == "__main__":
    DOCUMENT.write_text(written(DOCUMENT.read_text()))
