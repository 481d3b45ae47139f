"""The earliest lawful deadline, and the sentences that explain it to the buyer."""

from dataclasses import dataclass
from datetime import date, timedelta

from parvis.kit.calendar import Calendar
from parvis.procurement.contracts import Deadline
from parvis.procurement.rules.dated import Figure, time_limit
from parvis.procurement.rules.procedures import procedure
from parvis.procurement.rules.text import _, long_date


@dataclass(frozen=True, slots=True)
class Options:
    """What may shorten a limit. `electronic`: bids come electronically, as always on this platform."""

    electronic: bool = True
    urgent: bool = False
    prior_notice: bool = False


def earliest_deadline(
    dispatch: date, procedure_code: str, options: Options, calendar: Calendar, round_code: str | None = None
) -> Deadline:
    """The first day that may be the last one of a round (the first round by default).

    Day of dispatch excluded; a last day that is a Saturday, a Sunday or a holiday runs to the end of the next working
    day. Raises KeyError for an unknown procedure or round.
    """
    chosen = procedure(procedure_code)
    limit = time_limit(chosen.round(round_code).limit, dispatch)
    if limit.value == 0:
        return Deadline(None, None, _no_number(chosen.label, limit), limit.article, limit.tag)
    days, reason = _days(limit, options)
    counted = dispatch + timedelta(days=days)
    last = calendar.next_working_day(counted)
    computation = [
        _("%(label)s : %(reason)s") % {"label": chosen.label, "reason": reason},
        _("L’avis part le %(dispatch)s. Ce jour ne compte pas : le premier jour est le %(first)s.")
        % {"dispatch": long_date(dispatch), "first": long_date(dispatch + timedelta(days=1))},
        _("Le %(days)de jour est le %(counted)s.") % {"days": days, "counted": long_date(counted)},
        *_carried(counted, last, calendar),
        _("La date limite ne peut donc pas être avant le %(last)s.") % {"last": long_date(last)},
        *_caution(limit, options),
    ]
    return Deadline(last, days, tuple(computation), limit.article, limit.tag)


def _days(limit: Figure, options: Options) -> tuple[int, str]:
    """The shortest limit that the options allow, and its sentence. The law lets no two reductions be added."""
    cases = [(limit.value, _("le délai minimum est de %(days)d jours%(article)s."))]
    if options.electronic and "electronic" in limit.variants:
        sentence = _("le délai minimum est de %(days)d jours, car les plis arrivent par voie électronique%(article)s.")
        cases.append((limit.variants["electronic"], sentence))
    if options.prior_notice and "prior_notice" in limit.variants:
        sentence = _("le délai minimum est de %(days)d jours, car un avis de préinformation l’a précédé%(article)s.")
        cases.append((limit.variants["prior_notice"], sentence))
    if options.urgent and "urgent" in limit.variants:
        sentence = _("le délai minimum est de %(days)d jours, car vous déclarez l’urgence%(article)s.")
        cases.append((limit.variants["urgent"], sentence))
    days, sentence = min(cases, key=lambda case: case[0])
    article = f" ({limit.article})" if limit.article else ""
    return days, sentence % {"days": days, "article": article}


def _carried(counted: date, last: date, calendar: Calendar) -> list[str]:
    """One sentence for each closed day between the counted day and the last one."""
    closed = [counted + timedelta(days=n) for n in range((last - counted).days)]
    sentences = [
        _("Le %(day)s n’est pas un jour ouvré : %(why)s.") % {"day": long_date(day), "why": calendar.closed(day)}
        if calendar.holiday(day)
        else _("Le %(day)s n’est pas un jour ouvré.") % {"day": long_date(day)}
        for day in closed
    ]
    if closed:
        sentences.append(
            _("Le délai court jusqu’à la fin du jour ouvré suivant : le %(last)s.") % {"last": long_date(last)}
        )
    return sentences


def _caution(limit: Figure, options: Options) -> list[str]:
    sentences = []
    if options.urgent and "urgent" in limit.variants:
        sentences.append(_("Gardez au dossier ce qui justifie l’urgence : vous devrez pouvoir la prouver."))
    if options.prior_notice and "prior_notice" in limit.variants:
        sentences.append(_("Vérifiez que l’avis de préinformation était assez complet et assez ancien (à confirmer)."))
    if limit.tag != "F":
        sentences.append(
            _("Ce délai reste à confirmer par votre service juridique : %(source)s.") % {"source": limit.source}
        )
    return sentences


def _no_number(label: str, limit: Figure) -> tuple[str, ...]:
    return (
        _("%(label)s : la loi ne fixe pas de nombre de jours (%(article)s, à confirmer).")
        % {"label": label, "article": limit.article},
        _("Le délai doit être suffisant pour préparer une offre, selon la taille et la difficulté du marché."),
        _("Comptez aussi le temps d’une visite, de vos réponses aux questions, et les congés."),
    )
