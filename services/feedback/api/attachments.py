"""Files sent to a ticket, and given back to those who may read it.

A file is the body itself, taken as it comes; no transaction is open while it does. What is given
back is never shown in a page: always a download, of the kind its content has.
"""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import Depends, Query, Request
from fastapi.responses import FileResponse
from fastapi.routing import APIRoute
from starlette.requests import ClientDisconnect

from kit import clock
from kit.app import Router
from kit.auth import Caller, CurrentCaller, Role, requires
from kit.bodies import Answer
from kit.db import transaction
from kit.ids import uuid7
from kit.problems import Malformed, Unsupported
from services.feedback.actions import attachments as actions
from services.feedback.actions.tickets import existing_ticket
from services.feedback.files import AttachmentTooLarge, Files
from services.feedback.rules.attachments import LARGEST_BYTES
from services.feedback.rules.tickets import Author
from services.feedback.tables import Attachment

CONTENT: dict[str, Any] = {
    "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
}
"""A file, as the document describes it."""

router = Router(prefix="/v1/tickets/{ticket_id}/attachments", tags=["Tickets"])
talkers = requires(Role.MEMBER, Role.AGENT)


class UploadBroken(Malformed):
    code = "feedback.upload_broken"
    title = "The file did not arrive whole"


class IsForm(Unsupported):
    code = "feedback.attachment_form"
    title = "Send the file, not a form"


class AttachmentAnswer(Answer):
    """A file; its content is at /v1/tickets/{ticket_id}/attachments/{attachment_id}."""

    attachment_id: UUID
    name: str
    media_type: str
    size_bytes: int
    created_at: datetime

    @classmethod
    def of(cls, attachment: Attachment) -> Self:
        return cls.model_validate(attachment)


def _files(request: Request) -> Files:
    return Files(request.app.state.runtime.settings.attachments_folder)


StoredFiles = Annotated[Files, Depends(_files)]
FileName = Annotated[str, Query(min_length=1, max_length=255, description="The file's own name.")]


async def send_attachment(
    ticket_id: UUID,
    request: Request,
    caller: CurrentCaller,
    files: StoredFiles,
    name: FileName = "file",
) -> AttachmentAnswer:
    """Send a file, at most 25 MiB, as the body itself; a message then names it, within a day.

    Its kind is told from its content. The same content sent again before that is the same
    attachment, so a retry is harmless; no Idempotency-Key is needed.
    """
    _refuse_unfit(request)
    owner = caller.member_id if caller.role is Role.MEMBER else None
    sessions = request.app.state.runtime.sessions
    async with transaction(sessions) as session:
        await existing_ticket(session, ticket_id, owner)
        await actions.find_room(session, ticket_id)
    attachment_id = uuid7()
    try:
        kept = await files.keep(attachment_id, request.stream())
    except ClientDisconnect as error:
        raise UploadBroken("Send it again.") from error
    async with transaction(sessions) as session:
        await existing_ticket(session, ticket_id, owner)
        attachment = await actions.add_attachment(
            session,
            kept,
            ticket_id=ticket_id,
            author=_author(caller),
            author_id=caller.subject,
            name=name,
            now=clock.now(),
        )
    if attachment.attachment_id != attachment_id:
        await files.delete([attachment_id])
    return AttachmentAnswer.of(attachment)


router.add_api_route(
    "",
    send_attachment,
    methods=["POST"],
    status_code=201,
    dependencies=[talkers],
    route_class_override=APIRoute,  # the body is not held, as a stored answer would need
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": CONTENT,
        }
    },
)


@router.get(
    "/{attachment_id}",
    response_class=FileResponse,
    responses={200: {"content": CONTENT}},
    dependencies=[talkers],
)
async def read_attachment(
    ticket_id: UUID,
    attachment_id: UUID,
    request: Request,
    caller: CurrentCaller,
    files: StoredFiles,
) -> FileResponse:
    """A file's content, for a download; `Range` is honoured."""
    reader = caller.member_id if caller.role is Role.MEMBER else None
    async with transaction(request.app.state.runtime.sessions) as session:
        await existing_ticket(session, ticket_id, reader)
        attachment = await actions.readable_attachment(
            session, ticket_id, attachment_id, str(reader) if reader else None
        )
    path = files.path_of(attachment_id)
    if not path.exists():
        raise actions.AttachmentNotFound(attachment_id)
    return FileResponse(
        path,
        media_type=attachment.media_type,
        filename=attachment.name,
        content_disposition_type="attachment",
        headers={
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cache-Control": "private, max-age=86400, immutable",
        },
    )


def _refuse_unfit(request: Request) -> None:
    """Refuse what can be refused before it comes."""
    if request.headers.get("content-type", "").startswith("multipart/"):
        raise IsForm("Make the file itself the body, and put its name in `?name=`.")
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > LARGEST_BYTES:
        raise AttachmentTooLarge


def _author(caller: Caller) -> Author:
    return Author.MEMBER if caller.role is Role.MEMBER else Author.AGENT
