"""Does the procedure suit the estimated value, and the deadline the law? Advice only: the buyer decides."""

from datetime import date, datetime, timedelta

from parvis.kit.money import euros
from parvis.procurement.contracts import Advice, BuyerKind, Deadline, Nature
from parvis.procurement.rules.dated import Figure, time_limit
from parvis.procurement.rules.paris import paris_time
from parvis.procurement.rules.procedures import Procedure, procedure
from parvis.procurement.rules.publicity import (
    documents_on_profile,
    european_threshold,
    no_competition_threshold,
    publicity_required,
)
from parvis.procurement.rules.text import _, long_date


def procedure_fit(
    procedure_code: str,
    nature: Nature,
    buyer_kind: BuyerKind,
    estimated_cents: int | None,
    on: date,
    *,
    social: bool = False,
) -> list[Advice]:
    """What to know about this procedure for this estimated value (cents excluding VAT; None: nothing to compare).

    Raises KeyError for an unknown procedure, NoFigure for a day before the data begin.
    """
    chosen = procedure(procedure_code)
    advice = _conditions(chosen, buyer_kind)
    if estimated_cents is None:
        return advice
    european = european_threshold(nature, on, buyer_kind, social=social)
    free = no_competition_threshold(nature, on)
    if chosen.level == "below" and estimated_cents >= european.value:
        advice.append(_too_high(chosen, estimated_cents, european))
    elif chosen.formal and free.value <= estimated_cents < european.value:
        advice.append(_heavier_than_needed(chosen, estimated_cents, european))
    if estimated_cents < free.value:
        advice.append(_not_required(estimated_cents, free))
    else:
        advice += _publicity(estimated_cents, nature, on, buyer_kind, social)
    return advice


def _conditions(chosen: Procedure, buyer_kind: BuyerKind) -> list[Advice]:
    if not chosen.conditions or buyer_kind == "network_entity":
        return []
    why = _("« %(label)s » n’est pas ouverte librement aux communes et à leurs groupements.") % {"label": chosen.label}
    return [Advice("conditions", "warning", _(chosen.conditions), why, "procedure", tag=chosen.tag)]


def _too_high(chosen: Procedure, cents: int, limit: Figure) -> Advice:
    values = {"label": chosen.label, "amount": euros(cents), "limit": euros(limit.value)}
    return Advice(
        "formal_procedure_needed",
        "warning",
        _("Votre estimation atteint le seuil européen : choisissez un appel d’offres ou vérifiez l’estimation."),
        _("%(amount)s HT : la « %(label)s » n’est possible qu’en dessous de %(limit)s HT.") % values,
        "procedure",
        limit.article,
        limit.tag,
    )


def _heavier_than_needed(chosen: Procedure, cents: int, limit: Figure) -> Advice:
    values = {"label": chosen.label, "amount": euros(cents), "limit": euros(limit.value)}
    return Advice(
        "adapted_possible",
        "info",
        _("Vous pouvez garder « %(label)s » : vous en suivrez toutes les règles. Une procédure adaptée suffirait.")
        % values,
        _("%(amount)s HT : sous le seuil européen de %(limit)s HT, la procédure formalisée n’est pas obligatoire.")
        % values,
        "procedure",
        limit.article,
        limit.tag,
    )


def _not_required(cents: int, limit: Figure) -> Advice:
    values = {"amount": euros(cents), "limit": euros(limit.value), "article": limit.article}
    return Advice(
        "competition_not_required",
        "info",
        _("Vous pourriez acheter sans consultation publique, en choisissant une offre pertinente au bon prix."),
        _("%(amount)s HT : en dessous de %(limit)s HT, ni publicité ni mise en concurrence (%(article)s).") % values,
        "estimated_cents",
        limit.article,
        limit.tag,
    )


def _publicity(cents: int, nature: Nature, on: date, buyer_kind: BuyerKind, social: bool) -> list[Advice]:
    publicity = publicity_required(cents, nature, on, buyer_kind, social=social)
    messages = {
        "suited": _("Publiez sur votre profil d’acheteur, et ailleurs si le marché le mérite."),
        "national": _(
            "Prévoyez un avis au BOAMP ou dans un journal d’annonces légales, en plus de votre profil d’acheteur."
        ),
        "european": _("Prévoyez un avis au Journal officiel de l’Union européenne et au BOAMP."),
    }
    by = publicity.decided_by
    if documents_on_profile(cents, on):
        why = _("%(why)s Les documents sont en ligne, gratuits et complets (R2132-2).") % {"why": publicity.why}
    else:
        why = publicity.why
    code = f"publicity_{publicity.level}"
    return [Advice(code, "info", messages[publicity.level], why, "estimated_cents", by.article, by.tag)]


def deadline_fit(
    deadline_utc: datetime, earliest: Deadline, questions_until: datetime | None = None, *, urgent: bool = False
) -> list[Advice]:
    """What to know about a chosen deadline. Raises ValueError for a naive datetime."""
    last = paris_time(deadline_utc)
    advice = []
    if earliest.date is not None and last.date() == earliest.date and (last.hour, last.minute) < (23, 59):
        advice.append(
            Advice(
                "last_day_not_whole",
                "warning",
                _("Choisissez plutôt le jour ouvré suivant : le dernier jour du délai serait alors entier."),
                _("Le délai court jusqu’à la fin du %(day)s ; votre date limite tombe avant la fin de ce jour.")
                % {"day": long_date(earliest.date)},
                "deadline_utc",
                earliest.article,
                "C",
            )
        )
    if questions_until is not None:
        advice += _answers(deadline_utc, questions_until, urgent)
    return advice


def _answers(deadline_utc: datetime, questions_until: datetime, urgent: bool) -> list[Advice]:
    limit = time_limit("additional_information", paris_time(deadline_utc).date())
    days = limit.variants["urgent"] if urgent else limit.value
    last_answer = paris_time(deadline_utc).date() - timedelta(days=days)
    if paris_time(questions_until).date() < last_answer:
        return []
    values = {"days": days, "day": long_date(last_answer), "article": limit.article}
    return [
        Advice(
            "questions_too_late",
            "warning",
            _("Arrêtez les questions plus tôt : il vous faut du temps pour répondre avant le %(day)s.") % values,
            _("Vos réponses partent au moins %(days)d jours avant la date limite (%(article)s).") % values,
            "questions_until",
            limit.article,
            limit.tag,
        )
    ]
