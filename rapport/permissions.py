"""What each part may do at NATS: publish its own events, read those it consumes, and nothing else.

Made from what the parts say of themselves, so that it cannot fall behind. `python -m
rapport.permissions` writes `rapport/embedded/nats_users.conf`, which the embedded server and the
one of docker-compose.yml include, and a copy beside the one of Kubernetes; it is the place to take
them from for any other server.

A part may make and change its own stream alone. At the streams it consumes it may make consumers
and pull; whose consumer it is, NATS cannot tell by a subject, so parts that read the same stream
trust each other not to take each other's deliveries. Answers go to inboxes only their part hears.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kit.app import Service
from kit.bus import inbox_prefix
from kit.consumer import consumed
from kit.events import stream_name
from rapport.parts import PARTS

FILE: Final = Path(__file__).parent / "embedded" / "nats_users.conf"
COPY: Final = Path(__file__).parents[1] / "deploy/kubernetes/nats/users.conf"
PREFIX: Final = "evt"
OPERATOR: Final = "operator"

HEAD: Final = """\
# Made by `make permissions` from what the parts publish and consume: see rapport/permissions.py.
# The server's configuration or its environment says the passwords; they begin with a letter.
"""
USER: Final = """\
    {{
        user: {name}
        password: ${variable}
        permissions: {{
            publish: [
{publish}
            ]
            subscribe: [
{subscribe}
            ]
        }}
    }}
"""


@dataclass(frozen=True, slots=True)
class Permissions:
    """Subjects, with NATS's wildcards."""

    publish: tuple[str, ...]
    subscribe: tuple[str, ...]


def permissions_of(service: Service, prefix: str = PREFIX) -> Permissions:
    """What a part may do."""
    own = stream_name(prefix, service.name)
    publish = [
        f"{prefix}.{service.name}.>",
        *(f"$JS.API.STREAM.{verb}.{own}" for verb in ("INFO", "CREATE", "UPDATE", "MSG.GET")),
        f"$JS.API.DIRECT.GET.{own}",
    ]
    for source in sorted(consumed(service.handlers)):
        stream = stream_name(prefix, source)
        publish += [
            f"$JS.API.STREAM.INFO.{stream}",
            f"$JS.API.CONSUMER.CREATE.{stream}.>",
            f"$JS.API.CONSUMER.DURABLE.CREATE.{stream}.*",
            f"$JS.API.CONSUMER.INFO.{stream}.*",
            f"$JS.API.CONSUMER.MSG.NEXT.{stream}.*",
            f"$JS.ACK.{stream}.>",
            f"$JS.ACK.*.*.{stream}.>",  # the form of NATS 2.15, with domain and account
        ]
    heard = [f"{prefix}.{event_type}.*" for event_type in service.listens]
    subscribe = [f"{inbox_prefix(service.name)}.>", *heard]
    return Permissions(tuple(dict.fromkeys(publish)), tuple(subscribe))


def variable(user: str) -> str:
    """The variable that holds a user's password."""
    return f"NATS_PASSWORD_{user.upper()}"


def users_conf(services: Iterable[Service]) -> str:
    """The `authorization` of a server: a user for each part, and one who may do everything."""
    users = "".join(_user(service) for service in services)
    operator = f"    {{ user: {OPERATOR}, password: ${variable(OPERATOR)} }}\n"
    return f"{HEAD}authorization {{ users: [\n{users}{operator}] }}\n"


def _user(service: Service) -> str:
    permissions = permissions_of(service)
    return USER.format(
        name=service.name,
        variable=variable(service.name),
        publish=_lines(permissions.publish),
        subscribe=_lines(permissions.subscribe),
    )


def _lines(subjects: Iterable[str]) -> str:
    return "\n".join(f'                "{subject}"' for subject in subjects)


def main() -> None:
    """Write the files."""
    users = users_conf(part.service for part in PARTS.values())
    for file in (FILE, COPY):
        file.write_text(users)


if __name__ == "__main__":
    main()
