"""A sharing agreement in words: its state, its dates and why they are so."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.kit.jinja import date_long
from parvis.pooling.models import AgreementState, SharingAgreement, Side
from parvis.pooling.rules.agreement import (
    MAX_RENEWALS,
    ONE_DAY,
    end_after_notice,
    next_renewal,
    notice_last_day,
    reminders,
    term,
    year_on,
)
from parvis.pooling.selectors.agreements import LIVE, in_force_or_to_come
from parvis.pooling.selectors.today import today

TONES = {
    AgreementState.DRAFT: ("info", "draft"), AgreementState.RUNNING: ("success", "check"),
    AgreementState.NOTICE: ("warning", "clock"), AgreementState.ENDED: ("", "closed"),
}  # fmt: skip


def day_words(day: date | None) -> str:
    """1er janvier 2027: without the day of the week, for tables and facts."""
    return date_long(day).split(" ", 1)[1] if day else ""


def state_words(agreement: SharingAgreement) -> tuple[str, str, str]:
    """Label, tone and sign of its state today."""
    state = AgreementState(agreement.state)
    if state == AgreementState.ENDED and agreement.signed_on is None:
        return _("Abandonnée avant signature"), "", "closed"
    if state in LIVE and agreement.starts_on is not None and today() < agreement.starts_on:
        label = _("Signée, pas encore en vigueur") if state == AgreementState.RUNNING else str(state.label)
        return label, "info" if state == AgreementState.RUNNING else "warning", "clock"
    if state in LIVE and not in_force_or_to_come(agreement):
        return str(AgreementState.ENDED.label), *TONES[AgreementState.ENDED]
    return str(state.label), *TONES[state]


def days_left_words(agreement: SharingAgreement) -> str:
    """How long until the first day without; empty for what is not in force or is over."""
    if not in_force_or_to_come(agreement) or agreement.ends_on is None:
        return ""
    left = (agreement.ends_on - today()).days
    return ngettext("{count}\u00a0jour", "{count}\u00a0jours", left).format(count=f"{left:,}".replace(",", "\u00a0"))


@dataclass(frozen=True, slots=True)
class Dated:
    """A date of the agreement, in words, and the sentences that compute it."""

    label: str
    value: str
    why: tuple[str, ...] = ()


def dates(agreement: SharingAgreement, names: tuple[str, str]) -> list[Dated]:
    """From the signature to the last day; those of a draft as far as they are known. `names`: of the agglomeration,
    then of the commune.
    """
    if agreement.signed_on is None:
        planned = day_words(agreement.starts_on) or _("à fixer, à la signature au plus tard")
        return [Dated(_("Date d’effet prévue"), planned)]
    found = [
        Dated(_("Signée le"), day_words(agreement.signed_on)),
        Dated(_("Date d’effet"), day_words(agreement.starts_on)),
    ]
    if agreement.notice_received_on is not None:
        found.append(_notice(agreement, names))
    live = in_force_or_to_come(agreement)
    return [*found, *(_years(agreement) if live else []), _last_day(agreement), *(_reminder(agreement) if live else [])]


def _years(agreement: SharingAgreement) -> list[Dated]:
    starts_on, ends_on, day = _days(agreement)
    found, year = [], year_on(starts_on, ends_on, day)
    if year is not None:
        value = _("{rank}, du {first} au {last}").format(
            rank=_rank(year.number), first=day_words(year.starts_on), last=day_words(year.last_day)
        )
        why = (
            _("Une année va de la date d’effet, le {first}, à la veille du même jour un an plus tard.").format(
                first=day_words(starts_on)
            ),
            _("Nous sommes le {day}\u202f: c’est la {rank}.").format(day=day_words(day), rank=_rank(year.number)),
        )
        found.append(Dated(_("Année en cours"), value, why))
    renewal = next_renewal(starts_on, ends_on, day)
    if renewal is not None:
        number = renewal.year - starts_on.year
        value = _("le {day}, sans rien faire").format(day=day_words(renewal))
        rule = _(
            "Si aucun préavis ne l’a terminée d’ici là, la convention se reconduit d’elle-même pour un an\u202f: ce"
            " sera la reconduction {number} sur {most}."
        )
        found.append(Dated(_("Prochaine reconduction"), value, (rule.format(number=number, most=MAX_RENEWALS),)))
    elif agreement.state == AgreementState.RUNNING:
        done = _("Les trois reconductions possibles sont faites.")
        found.append(Dated(_("Prochaine reconduction"), _("aucune\u202f: c’est la dernière année"), (done,)))
    return found


def _rank(number: int) -> str:
    return _("1re année sur 4") if number == 1 else _("{number}e année sur 4").format(number=number)


def _notice(agreement: SharingAgreement, names: tuple[str, str]) -> Dated:
    who = names[0] if agreement.notice_by == Side.AGGLOMERATION else names[1]
    value = _("par {who}, lettre reçue le {day} (recommandé {letter})").format(
        who=who, day=day_words(agreement.notice_received_on), letter=agreement.notice_letter.replace(" ", "\u00a0")
    )
    return Dated(_("Préavis"), value)


def _last_day(agreement: SharingAgreement) -> Dated:
    starts_on, ends_on, _day = _days(agreement)
    if ends_on <= starts_on:
        return Dated(_("Dernier jour"), _("aucun\u202f: elle n’est jamais entrée en vigueur"), (_never_began(),))
    value = day_words(ends_on - ONE_DAY)
    left = days_left_words(agreement)
    if left:
        value = _("{day} (encore {left})").format(day=value, left=left)
    foreseen = term(starts_on, agreement.renewals)
    if agreement.notice_received_on is not None:
        foreseen = end_after_notice(starts_on, foreseen, agreement.notice_received_on)
    if ends_on < foreseen:
        why = (_("L’agglomération y a mis fin sans préavis le {day}.").format(day=day_words(ends_on)),)
        return Dated(_("Dernier jour"), value, why)
    whys = why_last_day(starts_on, term(starts_on, agreement.renewals), agreement.notice_received_on)
    return Dated(_("Dernier jour"), value, whys)


def _never_began() -> str:
    return _("Elle a pris fin avant sa date d’effet\u202f: l’accès de la commune ne s’est pas ouvert.")


def why_last_day(starts_on: date, ends_on: date, received_on: date | None) -> tuple[str, ...]:
    """The computation of the last day: the term, or the notice that comes before it."""
    last = ends_on - ONE_DAY
    whole = _("Un an à partir du {first}, plus trois reconductions d’un an\u202f: le terme est le {last}.").format(
        first=day_words(starts_on), last=day_words(last)
    )
    if received_on is None:
        return (whole, _("Un préavis ou une fin décidée par l’agglomération peut la terminer plus tôt."))
    notice = notice_last_day(received_on)
    found = [
        _("La lettre a été reçue le {day}. Trois mois, de date à date, mènent au {last}.").format(
            day=day_words(received_on), last=day_words(notice)
        )
    ]
    if notice.day != received_on.day:
        found.append(
            _("Ce mois n’a pas de {number}\u202f: c’est son dernier jour qui compte.").format(number=received_on.day)
        )
    if notice >= ends_on:
        found.append(
            _("Un préavis ne prolonge jamais la convention\u202f: le terme, le {last}, vient avant.").format(
                last=day_words(last)
            )
        )
    elif notice < starts_on:
        found.append(_("Ce jour vient avant la date d’effet\u202f: la convention n’entrera pas en vigueur."))
    else:
        found.append(_("Le terme, le {last}, serait venu après.").format(last=day_words(last)))
    found.append(_("Manière de compter à faire confirmer par vos juristes."))
    return tuple(found)


def _reminder(agreement: SharingAgreement) -> list[Dated]:
    starts_on, ends_on, day = _days(agreement)
    coming = next((one for one in reminders(starts_on, ends_on) if one.on > day), None)
    if coming is None:
        return []
    if coming.months:
        about = ngettext("{count}\u00a0mois avant la fin", "{count}\u00a0mois avant la fin", coming.months)
        rule = about.format(count=coming.months)
    else:
        rule = _("trois semaines avant la reconduction")
    whole = _(
        "Un courriel part vers les deux parties six, trois et un mois avant la fin, et trois semaines avant chaque"
        " reconduction. Celui-ci\u202f: {rule}."
    )
    return [Dated(_("Prochain rappel par courriel"), day_words(coming.on), (whole.format(rule=rule),))]


def _days(agreement: SharingAgreement) -> tuple[date, date, date]:
    """Start, end and today, of a signed agreement: the database keeps none without its dates."""
    if agreement.starts_on is None or agreement.ends_on is None:
        raise ValueError(agreement.number)
    return agreement.starts_on, agreement.ends_on, today()
