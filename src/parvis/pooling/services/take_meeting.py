"""A committee held for one verb: the coordinator alone, and only where the table of states allows it."""

import re
from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from parvis.kit.errors import Refusal
from parvis.pooling.models import AgendaItem, CommitteeMeeting
from parvis.pooling.selectors.reach import reach, require_coordinator
from parvis.pooling.states import MeetingState, allowed

# Not the no-break spaces of French typography.
BLANKS = re.compile(r"[ \t\r\n]+")


def take_meeting(meeting_id: UUID, verb: str) -> CommitteeMeeting:
    """Locked until the end of the transaction. Raises Http404, Refusal not_coordinator, wrong_state."""
    require_coordinator(reach(CommitteeMeeting, meeting_id).group)
    meeting = reach(CommitteeMeeting, meeting_id, lock=True)
    if not allowed(MeetingState(meeting.state), verb):
        message = _(
            "Ce comité est maintenant «\u202f{state}\u202f»\u202f: cela n’est plus possible, ou pas encore."
            " Revenez à sa page pour voir ce qui l’est."
        )
        raise Refusal("wrong_state", message.format(state=meeting.get_state_display()))
    return meeting


def read_agenda(lines: Iterable[str]) -> list[str]:
    """The items, in order; blank lines are left out. Raises Refusal agenda_item_too_long."""
    titles = [BLANKS.sub(" ", one.strip()) for one in lines if one.strip()]
    if any(len(one) > 200 for one in titles):
        message = _("Un point de l’ordre du jour compte 200 caractères au plus. Raccourcissez-le ou coupez-le en deux.")
        raise Refusal("agenda_item_too_long", message, "agenda")
    return titles


def write_agenda(meeting: CommitteeMeeting, titles: Iterable[str]) -> None:
    """Replaces the items."""
    meeting.items.all().delete()
    for position, title in enumerate(titles):
        AgendaItem.objects.create(meeting=meeting, circle_id=meeting.circle_id, title=title, position=position)
