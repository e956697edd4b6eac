"""The programme: its versions, trying them out, publishing them, and YAML."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Path, Query, Request, Response
from pydantic import Field

from kit import clock
from kit.app import Router
from kit.auth import STAFF, CurrentCaller, Role, requires
from kit.bodies import Answer, Body, Text, Time
from kit.db import Tx
from kit.pages import CursorParameter, Limit, Page, decode_cursor, page, page_of
from kit.problems import Malformed
from services.loyalty.actions import publishing, simulating
from services.loyalty.actions.publishing import Share
from services.loyalty.rules.programme.comparing import Difference
from services.loyalty.rules.programme.states import BacktestState, VersionState
from services.loyalty.store import versions
from services.loyalty.tables import ProgrammeVersion

router = Router(tags=["Programme"])

READS = requires(*STAFF, scope="programme:read")
WRITES = requires(Role.MARKETER, scope="programme:write")
YAML = "application/yaml"

VersionPath = Annotated[int, Path(ge=1, le=2**31 - 1, description="The version's number.")]
VersionQuery = Annotated[int, Query(ge=1, le=2**31 - 1)]
Note = Annotated[Text, Field(max_length=500)]
Document = Annotated[
    dict[str, Any], Field(description="The programme; docs/earning-rules.md is its manual.")
]


class DraftBody(Body):
    document: Document
    note: Note = ""


class PublicationBody(Body):
    """Without `share` the version pays everybody. A trial needs a ceiling."""

    share: Annotated[int, Field(strict=True, ge=1, le=99)] | None = Field(
        None, description="Percent of the members; the same members as long as it runs."
    )
    ceiling_points: Annotated[int, Field(strict=True, ge=1, le=10**15)] | None = Field(
        None, description="The trial ends by itself before it issues more."
    )
    anomaly_percent: Annotated[int, Field(strict=True, ge=101, le=100_000)] = Field(
        300,
        description="The trial ends when its members earn more than so much of what others do.",
    )

    lower_tiers: bool = Field(
        True,
        description="Where tiers change: lower them at once, or only when their periods end.",
    )


class SimulationBody(Body):
    """An occasion that happened, by its id; or one that is imagined."""

    occasion_id: UUID | None = None
    member_id: UUID | None = None
    trigger: Text | None = Field(None, max_length=200)
    event: dict[str, Any] = Field(default_factory=dict)
    at: Time | None = None


class BacktestBody(Body):
    days: Annotated[int, Field(strict=True, ge=1, le=365)] = 90


class VersionAnswer(Answer):
    version: int
    state: VersionState
    note: str
    author: str
    created_at: datetime
    changed_at: datetime
    published_at: datetime | None
    retired_at: datetime | None
    retired_because: str | None
    share: int | None = Field(description="Of a trial: the percentage of members.")
    ceiling_points: int | None
    issued_points: int = Field(description="What the trial has issued.")

    @classmethod
    def of(cls, version: ProgrammeVersion) -> "VersionAnswer":
        return cls.model_validate(_shown(version))


class WholeVersionAnswer(VersionAnswer):
    document: dict[str, Any]

    @classmethod
    def of(cls, version: ProgrammeVersion) -> "WholeVersionAnswer":
        return cls.model_validate({**_shown(version), "document": version.body})


class DifferenceAnswer(Answer):
    """`place` is such as `rules[order].earn.points`."""

    place: str
    change: Literal["added", "removed", "changed", "moved"]
    before: Any = None
    after: Any = None


class ImportedAnswer(Answer):
    differences: list[DifferenceAnswer]
    version: int | None = Field(description="The draft that was made, if one was.")


class OutcomeAnswer(Answer):
    """What one rule said. Fields that say nothing are left out."""

    rule: str
    verdict: str
    place: str | None = Field(None, description="The condition that failed.")
    by: str | None = Field(None, description="The rule that came first.")
    base: int | None = None
    factor: str | None = None
    exact: str | None = Field(None, description="Before rounding.")
    asked: int | None = Field(None, description="Before limits.")
    points: int = 0
    limit: dict[str, Any] | None = None


class WalletState(Answer):
    available: int
    pending: int
    debt: int


class SimulationAnswer(Answer):
    version: int
    trigger: str
    points: int
    outcomes: list[OutcomeAnswer]
    wallet: WalletState
    growth_points: int
    tier: str


class TierMove(Answer):
    before: str
    after: str
    members: int


class TierPreviewAnswer(Answer):
    """Where members would be under the version's tiers. Of the first ones, if there are many."""

    members: int
    complete: bool
    moves: list[TierMove]


class BacktestAnswer(Answer):
    backtest_id: UUID
    version: int
    baseline: int = Field(description="The version it is compared with: the one that was live.")
    days: int
    state: BacktestState
    created_at: datetime
    finished_at: datetime | None
    report: dict[str, Any] | None
    error: str | None


def _shown(version: ProgrammeVersion) -> dict[str, Any]:
    row = version.model_dump(exclude={"body", "digest"})
    return {**row, "ceiling_points": version.ceiling, "issued_points": version.issued}


@router.get("/v1/programme", dependencies=[READS])
async def show_live(tx: Tx) -> WholeVersionAnswer:
    """The live version, with its document."""
    return WholeVersionAnswer.of(await publishing.live_version(tx))


@router.get("/v1/programme/versions", dependencies=[READS])
async def list_versions(
    tx: Tx, limit: Limit = 50, cursor: CursorParameter = None
) -> Page[VersionAnswer]:
    """The versions, newest first."""
    before = decode_cursor(cursor, int)[0] if cursor else None
    found = await versions.listed(tx, limit + 1, before)
    return page(found, limit, VersionAnswer.of, lambda version: (version.version,))


@router.post("/v1/programme/versions", status_code=201, dependencies=[WRITES])
async def create_draft(body: DraftBody, caller: CurrentCaller, tx: Tx) -> WholeVersionAnswer:
    """Make a draft. 422 names every place of the document that is wrong."""
    programme = publishing.checked(body.document)
    made = await publishing.draft(tx, programme, body.note, caller.subject, clock.now())
    return WholeVersionAnswer.of(made)


@router.get("/v1/programme/versions/{version}", dependencies=[READS])
async def show_version(version: VersionPath, tx: Tx) -> WholeVersionAnswer:
    return WholeVersionAnswer.of(await publishing.known_version(tx, version))


@router.put("/v1/programme/versions/{version}", dependencies=[WRITES])
async def change_draft(version: VersionPath, body: DraftBody, tx: Tx) -> WholeVersionAnswer:
    """Write a draft anew. What has been published stays: 409 `loyalty.not_a_draft`."""
    programme = publishing.checked(body.document)
    changed = await publishing.change_draft(tx, version, programme, body.note, clock.now())
    return WholeVersionAnswer.of(changed)


@router.get(
    "/v1/programme/versions/{version}/yaml",
    dependencies=[READS],
    response_class=Response,
    responses={200: {"content": {YAML: {"schema": {"type": "object"}}}}},
)
async def export_version(version: VersionPath, tx: Tx) -> Response:
    """The version's document as YAML, for version control."""
    return Response(await publishing.as_written(tx, version), media_type=YAML)


@router.post(
    "/v1/programme/imports",
    dependencies=[WRITES],
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {YAML: {"schema": {"type": "object"}}},
        }
    },
)
async def import_yaml(
    request: Request,
    caller: CurrentCaller,
    tx: Tx,
    *,
    dry_run: Annotated[bool, Query(description="Only say what differs.")] = False,
    note: Annotated[Note, Query()] = "",
) -> ImportedAnswer:
    """Make a draft of a document in YAML, if it differs from the live version."""
    try:
        text = (await request.body()).decode()
    except UnicodeDecodeError:
        raise Malformed("The body is not UTF-8.") from None
    programme = publishing.checked_yaml(text)
    imported = await publishing.import_programme(
        tx, programme, note, caller.subject, clock.now(), dry_run=dry_run
    )
    made = imported.version
    return ImportedAnswer(
        differences=list(map(_difference, imported.differences)),
        version=made.version if made else None,
    )


@router.get("/v1/programme/versions/{version}/differences", dependencies=[READS])
async def show_differences(
    version: VersionPath,
    tx: Tx,
    since: Annotated[int, Query(ge=1, le=2**31 - 1, description="The version to compare with.")],
    limit: Limit = 50,
    cursor: CursorParameter = None,
) -> Page[DifferenceAnswer]:
    """What differs from another version, place by place."""
    found = await publishing.compare(tx, since, version)
    return page_of(found, limit, cursor, _difference, _place, str, str)


@router.post("/v1/programme/versions/{version}/publications", dependencies=[WRITES])
async def publish_version(version: VersionPath, body: PublicationBody, tx: Tx) -> VersionAnswer:
    """Let a version pay everybody, or try it out with a share of the members.

    A trial ends by itself before it exceeds its ceiling, or when its members earn suspiciously
    much. Publishing a trial again changes its share, or makes it live.
    """
    published = await publishing.publish(
        tx, version, _share(body), clock.now(), falling=body.lower_tiers
    )
    return VersionAnswer.of(published)


@router.post("/v1/programme/versions/{version}/retirement", dependencies=[WRITES])
async def retire_version(version: VersionPath, caller: CurrentCaller, tx: Tx) -> VersionAnswer:
    """Give up a draft, or end a trial: its members have the live version from then on."""
    because = f"ended by {caller.subject}"
    return VersionAnswer.of(await publishing.end(tx, version, because, clock.now()))


@router.post("/v1/programme/versions/{version}/simulations", dependencies=[WRITES])
async def simulate(version: VersionPath, body: SimulationBody, tx: Tx) -> SimulationAnswer:
    """What the version would do on one occasion: the real path, rolled back."""
    now = clock.now()
    if body.occasion_id is not None:
        occasion = await simulating.remembered(tx, body.occasion_id)
    elif body.member_id is not None and body.trigger is not None:
        occasion = simulating.imagined(body.member_id, body.trigger, body.event, body.at or now)
    else:
        raise Malformed("Name either `occasion_id`, or `member_id` and `trigger`.")
    found = await simulating.simulate(tx, version, occasion, now)
    return SimulationAnswer(
        version=version,
        trigger=found.occasion.trigger,
        points=found.occasion.points,
        outcomes=[OutcomeAnswer.model_validate(o) for o in found.occasion.outcomes or ()],
        wallet=WalletState.model_validate(found.points),
        growth_points=found.growth.available,
        tier=found.tier,
    )


@router.get("/v1/programme/versions/{version}/tiers", dependencies=[READS])
async def preview_tiers(version: VersionPath, tx: Tx) -> TierPreviewAnswer:
    """Who would rise and fall if the version were live. A back-test counts all members."""
    preview = await simulating.preview_tiers(tx, version, clock.now(), simulating.MOST_PREVIEWED)
    return TierPreviewAnswer.model_validate(preview)


@router.post("/v1/programme/versions/{version}/backtests", status_code=202, dependencies=[WRITES])
async def ask_for_backtest(
    version: VersionPath, body: BacktestBody, caller: CurrentCaller, tx: Tx
) -> BacktestAnswer:
    """Try the version on the occasions of the last days, beside the live one.

    The report says what either would have issued and cost, who wins and loses by tier and segment,
    and which caps were hit. Fetch it at `GET /v1/programme/backtests/{id}`.
    """
    asked = await simulating.ask_for_backtest(tx, version, body.days, caller.subject, clock.now())
    return BacktestAnswer.model_validate(asked)


@router.get("/v1/programme/backtests/{backtest_id}", dependencies=[READS])
async def show_backtest(
    backtest_id: Annotated[UUID, Path(description="The back-test's id.")], tx: Tx
) -> BacktestAnswer:
    return BacktestAnswer.model_validate(await simulating.known_backtest(tx, backtest_id))


def _share(body: PublicationBody) -> Share | None:
    if body.share is None:
        return None
    if body.ceiling_points is None:
        raise Malformed("A trial needs `ceiling_points`, at which it ends.")
    return Share(
        percent=body.share, ceiling=body.ceiling_points, anomaly_percent=body.anomaly_percent
    )


def _place(difference: Difference) -> tuple[str, str]:
    return difference.place, difference.change


def _difference(difference: Difference) -> DifferenceAnswer:
    return DifferenceAnswer.model_validate(difference)
