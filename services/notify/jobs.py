"""What notify does by the clock."""

from collections.abc import Sequence
from datetime import timedelta

from kit.scheduler import Job
from services.notify.actions.audiences import cancel_queued, deliver_to_inboxes, finish_campaigns
from services.notify.actions.deliveries import expire, give_up_lost
from services.notify.actions.urgent import expire_messages, forget_messages
from services.notify.actions.webhooks import forget_old
from services.notify.store.campaigns import RUNNING

DELIVER_TO_INBOXES = Job(
    "notify.deliver_to_inboxes", timedelta(seconds=1), deliver_to_inboxes, RUNNING
)
GIVE_UP_LOST = Job("notify.give_up_lost", timedelta(seconds=15), give_up_lost)
EXPIRE = Job("notify.expire_deliveries", timedelta(minutes=5), expire)
CANCEL_QUEUED = Job("notify.cancel_queued", timedelta(seconds=5), cancel_queued)
FINISH_CAMPAIGNS = Job("notify.finish_campaigns", timedelta(seconds=2), finish_campaigns, RUNNING)
EXPIRE_URGENT = Job("notify.expire_urgent", timedelta(seconds=15), expire_messages)
FORGET_URGENT = Job("notify.forget_urgent", timedelta(hours=1), forget_messages)
FORGET_WEBHOOKS = Job("notify.forget_webhooks", timedelta(hours=1), forget_old)

SCHEDULE: Sequence[Job] = (
    DELIVER_TO_INBOXES,
    GIVE_UP_LOST,
    EXPIRE,
    CANCEL_QUEUED,
    FINISH_CAMPAIGNS,
    EXPIRE_URGENT,
    FORGET_URGENT,
    FORGET_WEBHOOKS,
)
