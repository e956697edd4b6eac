"""What profile does by the clock."""

from collections.abc import Sequence
from datetime import timedelta

from kit.scheduler import Job
from services.profile.actions.audiences import list_audience
from services.profile.actions.birthdays import tell_birthdays
from services.profile.actions.segments import fill_segments, flip_stages
from services.profile.store.audiences import OPEN
from services.profile.store.segments import FILLING

FLIP_STAGES = Job("profile.flip_stages", timedelta(seconds=10), flip_stages)
FILL_SEGMENTS = Job("profile.fill_segments", timedelta(seconds=1), fill_segments, FILLING)
LIST_AUDIENCES = Job("profile.list_audiences", timedelta(seconds=1), list_audience, OPEN)
TELL_BIRTHDAYS = Job("profile.tell_birthdays", timedelta(minutes=10), tell_birthdays)

SCHEDULE: Sequence[Job] = (FLIP_STAGES, FILL_SEGMENTS, LIST_AUDIENCES, TELL_BIRTHDAYS)
