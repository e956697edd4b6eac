"""Every query of notify, by noun: functions of a session, which never commit."""

from services.notify.store import (
    announcements,
    campaigns,
    deliveries,
    inbox,
    members,
    urgent,
    webhooks,
)

__all__ = ["announcements", "campaigns", "deliveries", "inbox", "members", "urgent", "webhooks"]
