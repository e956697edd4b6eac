"""Who is who: the ids a member is known by, and which two members may become one.

Every id is a pair of namespace and value and belongs to one member. A member's own id is one of
them, so that looking up any id, also that of a member who has been merged away, is the same single
look-up.

The guards follow Segment's identity resolution: values that stand for "nobody" identify nobody, and
two people the company tells apart are never made one.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

LONGEST_ID = 200


class Namespace(StrEnum):
    """What kind of id it is."""

    ANONYMOUS = "anonymous"
    """Made by an app before it knew who uses it (Segment's anonymousId)."""
    MEMBER = "member"
    """A member's own id."""
    USER = "user"
    """The company's id of a member (Segment's userId where it is not a member id)."""


class Standing(StrEnum):
    """How well a member is known."""

    ANONYMOUS = "anonymous"
    """A device or guest."""
    KNOWN = "known"
    """Named by the company's backend; has no account here."""
    REGISTERED = "registered"
    """Has an account."""


@dataclass(frozen=True, slots=True, order=True)
class Identity:
    """One id of a member."""

    namespace: Namespace
    value: str

    @classmethod
    def of_member(cls, member_id: UUID) -> "Identity":
        return cls(Namespace.MEMBER, str(member_id))

    @property
    def name(self) -> str:
        """The id as one word, which no other has."""
        is_member = self.namespace is Namespace.MEMBER
        return self.value if is_member else f"{self.namespace}:{self.value}"


@dataclass(frozen=True, slots=True)
class Join:
    """A claim that two ids are one person; `absorbed`'s history goes to `survivor`.

    `explicit` claims (Segment's alias by the company's backend) may also join a known member to an
    account.
    """

    absorbed: Identity
    survivor: Identity
    explicit: bool = False


_NOBODY = re.compile(
    r"""[0\W_]*                                     # empty, 0, 00000000-0000-...
    | [\W_]*(null|none|nil|undefined|nan|n/a|anonymous|anon|guest|unknown|true|false)[\W_]*
    | -1 | \[object\ object\] | f{8}-?f{4}-?f{4}-?f{4}-?f{12}""",
    re.IGNORECASE | re.VERBOSE,
)
_UUID = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)


def names_nobody(value: str) -> bool:
    """Whether `value` is what broken programs send in place of an id ("null", all zeros)."""
    return _NOBODY.fullmatch(value.strip()) is not None


def anonymous_identity(value: str | None) -> Identity | None:
    """The identity of an anonymousId, or None where it identifies nobody."""
    if value is None or names_nobody(value):
        return None
    return Identity(Namespace.ANONYMOUS, value.lower() if _UUID.fullmatch(value) else value)


def user_identity(value: str | None) -> Identity | None:
    """The identity of a userId: a member id where it is a UUID, else the company's own id."""
    if value is None or names_nobody(value):
        return None
    if _UUID.fullmatch(value):
        return Identity(Namespace.MEMBER, value.lower())
    return Identity(Namespace.USER, value)


def former_identities(value: str | None) -> tuple[Identity, ...]:
    """What an app was known by until it registered: an anonymous id, or its guest's member id."""
    former = (anonymous_identity(value), user_identity(value))
    return tuple(i for i in former if i is not None and i.namespace is not Namespace.USER)


def may_absorb(survivor: Standing, absorbed: Standing, *, explicit: bool = False) -> bool:
    """Whether the absorbed member's history may go to the survivor.

    An anonymous one may join anybody. Two people the company tells apart never become one; only an
    explicit claim joins the company's own id of a member to the member's account.
    """
    if absorbed is Standing.ANONYMOUS:
        return True
    return explicit and absorbed is Standing.KNOWN and survivor is Standing.REGISTERED
