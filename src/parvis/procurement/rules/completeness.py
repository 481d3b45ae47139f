"""What a draft still lacks before the key ceremony, and before publication."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from parvis.kit.calendar import Calendar
from parvis.procurement.contracts import Deadline, DraftView, Missing
from parvis.procurement.rules.cpv import cpv_error
from parvis.procurement.rules.deadlines import Options, earliest_deadline
from parvis.procurement.rules.lots import lots_errors
from parvis.procurement.rules.nuts import nuts_error
from parvis.procurement.rules.paris import paris_time
from parvis.procurement.rules.procedures import procedure, procedures, technique, techniques
from parvis.procurement.rules.reference import reference_error
from parvis.procurement.rules.text import _, long_date
from parvis.procurement.rules.weights import criteria_of, weights_error

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


def completeness(
    draft: DraftView, *, now_utc: datetime | None = None, calendar: Calendar | None = None
) -> list[Missing]:
    """Everything that is missing, in the order of the form; empty when the consultation can be published.

    With `now_utc` (aware), the deadline is compared with the present; with `calendar` too, with the earliest lawful day
    for a dispatch today. What bears `before` "keys" blocks the key ceremony, for the keys depend on it.
    """
    missing = [one for check in CHECKS for one in check(draft)]
    if now_utc is not None and draft.deadline_utc is not None:
        missing += _deadline_lawful(draft, draft.deadline_utc, now_utc, calendar)
    return missing + _keys(draft)


def before_keys(draft: DraftView) -> list[Missing]:
    """What is missing before the key ceremony alone."""
    return [one for one in completeness(draft) if one.before == "keys"]


def _subject(draft: DraftView) -> list[Missing]:
    missing = []
    if not draft.title.strip():
        missing.append(
            Missing("title", _("Donnez un titre à la consultation : c’est lui que les entreprises cherchent."), "keys")
        )
    if not draft.reference:
        missing.append(Missing("reference", _("Donnez une référence, par exemple 2026-F-012."), "keys"))
    elif error := reference_error(draft.reference):
        missing.append(Missing("reference", error, "keys"))
    if not draft.object.strip():
        missing.append(Missing("object", _("Décrivez l’objet du marché en quelques phrases.")))
    if draft.nature is None:
        missing.append(Missing("nature", _("Dites s’il s’agit de travaux, de fournitures ou de services.")))
    return missing


def _shape(draft: DraftView) -> list[Missing]:
    missing = []
    if draft.procedure not in {one.code for one in procedures()}:
        missing.append(Missing("procedure", _("Choisissez une procédure."), "keys"))
    if draft.technique and draft.technique not in {one.code for one in techniques()}:
        missing.append(Missing("technique", _("Choisissez une technique d’achat de la liste, ou aucune.")))
    elif draft.technique:
        missing += _framework(draft, draft.technique)
    return missing + [Missing("lots", error, "keys") for error in lots_errors(draft.lots)]


def _framework(draft: DraftView, code: str) -> list[Missing]:
    maximum, minimum = draft.framework_max_cents, draft.framework_min_cents
    if not technique(code).needs_maximum:
        return []
    if maximum is None or maximum <= 0:
        message = _(
            "Fixez le montant maximum de l’accord-cadre : les entreprises doivent savoir jusqu’où vous commanderez."
        )
        return [Missing("framework_max_cents", message)]
    if minimum is not None and not 0 <= minimum <= maximum:
        return [
            Missing(
                "framework_min_cents", _("Le minimum de l’accord-cadre va de zéro au maximum : corrigez l’un des deux.")
            )
        ]
    return []


def _codes(draft: DraftView) -> list[Missing]:
    missing = []
    if not draft.cpv:
        missing.append(Missing("cpv", _("Choisissez le code CPV qui décrit le mieux l’achat.")))
    elif error := cpv_error(draft.cpv):
        missing.append(Missing("cpv", error))
    if not draft.place_nuts:
        missing.append(Missing("place_nuts", _("Indiquez le lieu d’exécution : le département suffit.")))
    elif error := nuts_error(draft.place_nuts):
        missing.append(Missing("place_nuts", error))
    return missing


def _figures(draft: DraftView) -> list[Missing]:
    missing = []
    if draft.estimated_cents is None or draft.estimated_cents <= 0:
        message = _("Estimez le marché, hors taxes et sur toute sa durée. Ce montant reste confidentiel.")
        missing.append(Missing("estimated_cents", message))
    if draft.duration_months is None or draft.duration_months < 1:
        missing.append(Missing("duration_months", _("Indiquez la durée du marché, en mois entiers : au moins un.")))
    return missing


def _criteria(draft: DraftView) -> list[Missing]:
    missing = []
    if any(not one.label.strip() for one in draft.criteria):
        missing.append(Missing("criteria", _("Nommez chaque critère d’attribution.")))
    numbers = {lot.number for lot in draft.lots}
    if any(one.lot is not None and one.lot not in numbers for one in draft.criteria):
        missing.append(
            Missing("criteria", _("Un critère porte sur un lot qui n’existe plus : rattachez-le ou retirez-le."))
        )
    seen: set[str] = set()
    judged: list[int | None] = [*sorted(numbers)] or [None]
    for lot in judged:
        error = weights_error([one.weight_hundredths for one in criteria_of(draft.criteria, lot)])
        if error is None:
            continue
        own = any(one.lot == lot for one in draft.criteria) and lot is not None
        message = _("Lot %(lot)s : %(error)s") % {"lot": lot, "error": error} if own else error
        if message not in seen:
            seen.add(message)
            missing.append(Missing("criteria", message))
    return missing


def _documents(draft: DraftView) -> list[Missing]:
    if draft.documents_count > 0:
        return []
    message = _("Ajoutez les documents de la consultation : au moins son règlement et le cahier des charges.")
    return [Missing("documents_count", message)]


def _dates(draft: DraftView) -> list[Missing]:
    if draft.deadline_utc is None:
        return [Missing("deadline_utc", _("Fixez la date et l’heure limites de dépôt des plis."))]
    if draft.questions_until is not None and draft.questions_until >= draft.deadline_utc:
        return [Missing("questions_until", _("La fin des questions vient avant la date limite de dépôt : avancez-la."))]
    return []


def _contact(draft: DraftView) -> list[Missing]:
    missing = []
    if not draft.contact_name.strip():
        missing.append(
            Missing("contact_name", _("Nommez la personne ou le service que les entreprises peuvent joindre."))
        )
    if not _EMAIL.fullmatch(draft.contact_email):
        message = _("Donnez l’adresse électronique du contact, par exemple marches@commune.example.")
        missing.append(Missing("contact_email", message))
    return missing


def _envelopes(draft: DraftView) -> list[Missing]:
    if not draft.envelopes:
        return [
            Missing("envelopes", _("Choisissez les enveloppes attendues : candidature, offre, ou les deux."), "keys")
        ]
    known = {one.code for one in procedures()}
    if draft.procedure in known and not set(procedure(draft.procedure).envelopes) >= set(draft.envelopes):
        message = _(
            "Au premier tour de cette procédure, les entreprises ne déposent que leur candidature : retirez l’offre."
        )
        return [Missing("envelopes", message, "keys")]
    if len(set(draft.envelopes)) > 1 and draft.opening_order is None:
        message = _("Dites ce que vous ouvrez d’abord : les candidatures ou les offres.")
        return [Missing("opening_order", message, "keys")]
    return []


def _custodians(draft: DraftView) -> list[Missing]:
    if not draft.custodians:
        return [
            Missing(
                "custodians",
                _("Choisissez les porteurs de clés : le président de la commission et ses suppléants."),
                "keys",
            )
        ]
    missing = []
    for one in draft.custodians:
        if not one.has_key:
            message = _("%(name)s n’a pas encore créé sa clé : demandez-lui d’ouvrir « Ma clé ».") % {"name": one.name}
            missing.append(Missing("custodians", message, "keys"))
    k, n = draft.keys_threshold, len(draft.custodians)
    if k is None or k < 1:
        missing.append(Missing("keys_threshold", _("Dites combien de porteurs de clés il faut pour ouvrir."), "keys"))
    elif n < k + 1:
        message = _(
            "Il faut %(k)d porteurs pour ouvrir et vous en avez %(n)d : ajoutez-en un, une absence ne bloquera rien."
        )
        missing.append(Missing("custodians", message % {"k": k, "n": n}, "keys"))
    return missing


CHECKS: tuple[Callable[[DraftView], list[Missing]], ...] = (
    _subject, _shape, _codes, _figures, _criteria, _documents, _dates, _contact, _envelopes, _custodians,
)  # fmt: skip


def _deadline_lawful(
    draft: DraftView, deadline_utc: datetime, now_utc: datetime, calendar: Calendar | None
) -> list[Missing]:
    if deadline_utc <= now_utc:
        return [Missing("deadline_utc", _("La date limite est déjà passée : choisissez-en une à venir."))]
    if calendar is None or draft.procedure not in {one.code for one in procedures()}:
        return []
    options = Options(electronic=draft.electronic, urgent=draft.urgent, prior_notice=draft.prior_notice)
    earliest: Deadline = earliest_deadline(paris_time(now_utc).date(), draft.procedure, options, calendar)
    if earliest.date is None:
        return _some_days(deadline_utc, now_utc)
    if paris_time(deadline_utc).date() >= earliest.date:
        return []
    message = _("La date limite est trop proche : pour un avis envoyé aujourd’hui, choisissez le %(day)s ou après.")
    return [Missing("deadline_utc", message % {"day": long_date(earliest.date)})]


def _some_days(deadline_utc: datetime, now_utc: datetime) -> list[Missing]:
    """The law asks for a "sufficient" time (R2151-1): less than a whole day is not one, whatever the contract."""
    if deadline_utc - now_utc >= timedelta(days=1):
        return []
    return [
        Missing(
            "deadline_utc", _("Laissez plus d’un jour aux entreprises : le délai doit suffire à préparer une offre.")
        )
    ]


def _keys(draft: DraftView) -> list[Missing]:
    if not draft.keys_made:
        return [
            Missing(
                "keys_made",
                _("Tenez la cérémonie des clés : sans elle, personne ne pourrait sceller ni ouvrir un pli."),
            )
        ]
    if not draft.keys_rehearsed:
        return [
            Missing(
                "keys_rehearsed", _("Terminez la répétition : chaque porteur vérifie qu’il sait ouvrir avec sa clé.")
            )
        ]
    return []
