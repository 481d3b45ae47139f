"""The tool of procurement, lent to a commune by a sharing agreement: is it open, and what is said when it is not."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from parvis.authorities.contracts import AccessNotice, AuthorityView
from parvis.authorities.rules import AuthorityKind, ProcurementAccess
from parvis.authorities.selectors import access_on, agglomeration, authority, today
from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.kit.jinja import date_long

# An end is told so long before: time to ask for an amendment, and to publish what is ready.
TOLD_BEFORE = timedelta(days=60)


def require_procurement() -> None:
    """For a verb that begins something new in the authority in scope. Raises Refusal procurement_closed."""
    house = authority(scope.current_authority())
    notice = access_notice(house)
    if notice is not None and notice.closed:
        raise Refusal("procurement_closed", f"{notice.title} {notice.reason} {notice.ask}")


def access_notice(house: AuthorityView) -> AccessNotice | None:
    """None while the tool is open and nothing says that it closes within 60 days."""
    day = today()
    state = access_on(house, day)
    if state is ProcurementAccess.OPEN and not _ends_soon(house, day):
        return None
    title, reason = _words(state, house)
    return AccessNotice(state.value, title, reason, _whom_to_ask())


def access_label(house: AuthorityView) -> str:
    """The state of the tool in a few words, for a list."""
    state, until = access_on(house, today()), house.procurement_until
    if state is ProcurementAccess.OPEN:
        if until is None or house.kind == AuthorityKind.AGGLOMERATION.value:
            return _("Ouvert")
        return _("Ouvert jusqu’au %(day)s") % {"day": _written(until - timedelta(days=1))}
    if state is ProcurementAccess.NO_AGREEMENT:
        return _("Fermé\u202f: aucune convention en vigueur")
    if state is ProcurementAccess.NOT_YET:
        return _("Ouvre le %(day)s") % {"day": _written(house.procurement_from)}
    return _("En lecture seule depuis le %(day)s") % {"day": _written(until)}


def _ends_soon(house: AuthorityView, day: date) -> bool:
    lent = house.procurement_from is not None and house.kind != AuthorityKind.AGGLOMERATION.value
    return lent and house.procurement_until is not None and house.procurement_until - day <= TOLD_BEFORE


def _words(state: ProcurementAccess, house: AuthorityView) -> tuple[str, str]:
    first, end = _written(house.procurement_from), _written(house.procurement_until)
    told = {
        ProcurementAccess.OPEN: (
            _("L’outil d’achat passe en lecture seule le %(day)s.") % {"day": end},
            _(
                "La convention de mise à disposition finit la veille. Les consultations publiées avant ce jour iront"
                " jusqu’à leur terme\u202f; vous n’en ouvrirez plus de nouvelle."
            ),
        ),
        ProcurementAccess.NO_AGREEMENT: (
            _("L’outil d’achat n’est pas encore ouvert pour %(name)s.") % {"name": house.name},
            _(
                "Il s’ouvre avec la convention de mise à disposition, signée avec l’agglomération, le jour qu’elle"
                " fixe. D’ici là, aucune consultation ne peut être préparée ni publiée."
            ),
        ),
        ProcurementAccess.NOT_YET: (
            _("L’outil d’achat s’ouvre le %(day)s.") % {"day": first},
            _(
                "La convention de mise à disposition prend effet ce jour-là\u202f: vous pourrez alors préparer et"
                " publier vos consultations."
            ),
        ),
        ProcurementAccess.ENDED: (
            _("L’outil d’achat est en lecture seule depuis le %(day)s.") % {"day": end},
            _(
                "La convention de mise à disposition a pris fin\u202f: aucune nouvelle consultation ne peut être"
                " préparée ni publiée. Rien n’est effacé."
            ),
        ),
    }
    return told[state]


def _written(day: date | None) -> str:
    return date_long(day) if day else ""


def _whom_to_ask() -> str:
    whole = agglomeration()
    if whole is None:
        return _("Adressez-vous à l’agglomération, qui tient la convention.")
    desk = f"{whole.desk_name} {whole.of_name}" + (f" ({whole.desk_contact})" if whole.desk_contact else "")
    return _("Adressez-vous à l’agglomération\u202f: %(desk)s, %(hours)s.") % {"desk": desk, "hours": whole.desk_hours}
