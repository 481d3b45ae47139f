from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.authorities.facade import Role, authority
from parvis.kit import scope
from parvis.pooling.models import GroupState, JointProcurement, SentReminder
from parvis.pooling.rules.committee import Watch, reminder_code
from parvis.pooling.rules.words import several
from parvis.pooling.selectors.meetings import watch_of
from parvis.pooling.selectors.today import today
from parvis.pooling.services.tell_members import tell_members


def remind_of_committee() -> int:
    """Reminds the authority in scope of the committees that its running groups still owe this year, once a month from
    1 October; how many groups it was reminded of.
    """
    reminded, day, owner = 0, today(), scope.current_authority()
    for group in JointProcurement.objects.filter(authority_id=owner, state=GroupState.RUNNING):
        seen = watch_of(group, day.year)
        code = reminder_code(seen, day)
        if code is None or not SentReminder.objects.get_or_create(subject_id=group.id, code=code)[1]:
            continue
        title = ngettext(
            "Il manque un comité de pilotage cette année", "Il manque {count} comités de pilotage cette année",
            seen.missing,
        ).format(count=seen.missing)  # fmt: skip
        tell_members(
            [owner], title, _text(group, seen), once=f"{code}:{group.id}", subject_id=group.id,
            roles=(Role.COORDINATOR,),
        )  # fmt: skip
        reminded += 1
    return reminded


def _text(group: JointProcurement, seen: Watch) -> str:
    url = settings.PUBLIC_URL + reverse("group_committee", args=[authority(group.authority_id).slug, group.id])
    return _(
        "Le groupement «\u202f{group}\u202f» réunit ses membres au moins deux fois par an. En {year}\u202f: {held},"
        " {called}, sur {wanted} à tenir.\n\nPréparer le prochain comité\u202f:\n{url}"
    ).format(
        group=group.name, year=seen.year, held=several(seen.held, "tenu"), called=several(seen.called, "convoqué"),
        wanted=seen.wanted, url=url,
    )  # fmt: skip
