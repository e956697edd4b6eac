"""The programme as YAML, for people and version control: written, and read back as the same."""

import re
from typing import Any

import yaml

from services.loyalty.rules.programme.checking import parse
from services.loyalty.rules.programme.document import BadProgramme, Fault, Programme

LONGEST = 100_000
"""Characters of a document; reading takes its time."""

DEEPEST = 30


class _Reader(yaml.SafeLoader):
    """YAML without its surprises: `no` is a text, and so is a date.

    And without aliases, by which a few lines stand for gigabytes.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
        if self.check_event(yaml.AliasEvent):
            raise yaml.MarkedYAMLError(problem="aliases are not taken", problem_mark=mark)
        if self._depth == DEEPEST:
            raise yaml.MarkedYAMLError(problem="nested too deeply", problem_mark=mark)
        self._depth += 1
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node


_Reader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag not in {"tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool"}
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Reader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), ["t", "f"])


def as_yaml(programme: Programme) -> str:
    """The document as YAML, in the order in which it is read."""
    return as_text(programme.written())


def as_text(written: dict[str, Any]) -> str:
    return yaml.dump(
        written,
        Dumper=_Writer,
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=False,
        width=100,
    )


class _Writer(yaml.SafeDumper):
    """Block style, without aliases."""

    def ignore_aliases(self, _: Any) -> bool:
        return True


def of_yaml(text: str) -> Programme:
    """Read YAML. Raises BadProgramme naming the line, or the place, of what is wrong."""
    return parse(raw_of_yaml(text))


def raw_of_yaml(text: str) -> Any:
    if len(text) > LONGEST:
        raise BadProgramme([Fault("programme", "too_long", f"at most {LONGEST} characters")])
    try:
        return yaml.load(text, Loader=_Reader)  # noqa: S506  (a SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}" if mark else "programme"
        detail = getattr(error, "problem", None) or str(error)
        raise BadProgramme([Fault(place, "yaml", str(detail))]) from None
    except ValueError as error:  # a number of thousands of digits
        raise BadProgramme([Fault("programme", "yaml", str(error))]) from None
