"""The minutes of a committee as a document: the text, then who came and what each decision changes."""

from pathlib import Path

from django.http import Http404
from django.utils.translation import gettext as _

from parvis.authorities.facade import authority
from parvis.kit.jinja import date_long
from parvis.kit.pdf import render_pdf
from parvis.pooling.models import CommitteeMeeting, MeetingState
from parvis.pooling.selectors.dossier import DecisionLine, decision_lines
from parvis.pooling.selectors.meetings import seats_of
from parvis.pooling.services.committee_letters import when_words

TEMPLATE = Path(__file__).resolve().parent.parent / "pdf" / "committee_minutes.typ"


def committee_minutes_pdf(meeting: CommitteeMeeting) -> bytes:
    """Raises Http404 before the minutes are filed."""
    if meeting.state != MeetingState.MINUTED or meeting.minuted_at is None:
        raise Http404(_("Le compte rendu de ce comité n’est pas encore déposé."))
    data = {
        "owner": authority(meeting.authority_id).name,
        "group": meeting.group.name,
        "title": meeting.title,
        "when": when_words(meeting),
        "place": meeting.place,
        "filed": date_long(meeting.minuted_at),
        "seats": [
            {"name": one.member.name, "presence": one.get_presence_display(), "delegate": one.delegate}
            for one in seats_of(meeting)
        ],
        "decisions": [_decision(one) for one in decision_lines(meeting)],
        "text": [block.split("\n") for block in meeting.minutes.replace("\r\n", "\n").split("\n\n") if block.strip()],
    }
    return render_pdf(TEMPLATE, data)


def _decision(one: DecisionLine) -> dict[str, object]:
    day = one.decision.effective_on
    return {
        "text": one.decision.text,
        "from": _("à partir du {day}").format(day=date_long(day)) if day else "",
        "changes": [str(change) for change in one.changes],
    }
