"""One-click unsubscribe (RFC 8058).

There is no sign-in: who holds the link from an e-mail may end such e-mails, and nothing more. Mail
programs POST. A person who opens the link sees a page with a button, because scanners open links
too, and looking must change nothing.
"""

from uuid import UUID

from fastapi import Response
from fastapi.responses import HTMLResponse

from kit import clock
from kit.app import Router
from kit.db import Tx
from kit.languages import Language
from services.notify.actions import members as actions
from services.notify.rendering import render_unsubscribe_page

router = Router(prefix="/v1/unsubscribe", tags=["Preferences"])


@router.get("/{token}", response_class=HTMLResponse)
async def show_unsubscribe(token: UUID, language: Language, tx: Tx) -> Response:
    """A page that asks whether to unsubscribe."""
    await actions.member_of_token(tx, token)
    return HTMLResponse(render_unsubscribe_page(language, is_done=False))


@router.post("/{token}", response_class=HTMLResponse)
async def unsubscribe(token: UUID, language: Language, tx: Tx) -> Response:
    """Send this member no marketing e-mail any more. Repeating it changes nothing."""
    await actions.unsubscribe(tx, token, clock.now())
    return HTMLResponse(render_unsubscribe_page(language, is_done=True))
