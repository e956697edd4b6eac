"""The parts a deployment consists of, loaded by name and only when needed."""

import importlib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rapport.errors import OperatorError

if TYPE_CHECKING:
    from kit.app import Service
    from kit.settings import Settings


@dataclass(frozen=True, slots=True)
class Part:
    """One part: where its code is, and the port it prefers beside the others on one machine."""

    name: str
    module: str
    port: int

    @property
    def installed(self) -> bool:
        """Whether its code is here: a container's image holds one part."""
        return Path(__file__).parents[1].joinpath(*self.module.split(".")).is_dir()

    @property
    def service(self) -> "Service":
        """What the part hands to kit."""
        service: Service = self._main.SERVICE
        return service

    def settings(self) -> "Settings":
        """The part's settings, read from the environment."""
        settings: Settings = self._main.Settings()
        return settings

    def create_app(self, settings: "Settings", *upstreams: Any) -> Any:
        """The part as an ASGI application; the gateway takes the services it shall call itself.

        Raises OperatorError where a secret is missing.
        """
        from kit.vault import NoSecret  # noqa: PLC0415

        try:
            return self._main.create_app(settings, *upstreams)
        except NoSecret as missing:
            raise OperatorError(str(missing)) from missing

    def create_operations_app(self, app: Any) -> Any:
        """Health and metrics for a port of their own; None where `app` itself is not public."""
        create = getattr(self._main, "create_operations_app", None)
        return create and create(app)

    @property
    def _main(self) -> Any:
        return importlib.import_module(f"{self.module}.main")


GATEWAY = Part("gateway", "gateway", 8080)
LOYALTY = Part("loyalty", "services.loyalty", 8082)
SERVICES = (
    Part("profile", "services.profile", 8081),
    LOYALTY,
    Part("feedback", "services.feedback", 8083),
    Part("notify", "services.notify", 8084),
)
PARTS = {part.name: part for part in (GATEWAY, *SERVICES)}


def part_named(name: str) -> Part:
    """The part called `name`."""
    if name not in PARTS:
        raise OperatorError(f"there is no part {name!r}; the parts are {', '.join(PARTS)}")
    return PARTS[name]


def load_all() -> None:
    """Import the code of every part that is here."""
    for part in parts_named([]):
        importlib.import_module(f"{part.module}.main")


def parts_named(names: Collection[str]) -> list[Part]:
    """The parts called `names`, or all that are installed when none is named."""
    return [part_named(name) for name in names] or [p for p in PARTS.values() if p.installed]
