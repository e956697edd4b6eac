"""Every query of notify, by noun: functions of a session, which never commit."""

from services.notify.store import campaigns, deliveries, inbox, members, urgent

__all__ = ["campaigns", "deliveries", "inbox", "members", "urgent"]
