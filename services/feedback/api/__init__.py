"""The routes of feedback: parse, one action or query, answer."""

from collections.abc import Sequence

from fastapi import APIRouter

from services.feedback.api import attachments, faq, reports, surveys, tickets

ROUTERS: Sequence[APIRouter] = (
    faq.router,
    tickets.router,
    attachments.router,
    surveys.router,
    reports.router,
)
