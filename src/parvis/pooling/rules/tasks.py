"""The coordinator's duties in the order of the procedure, when each is due, and what proves that it is done.

Sources: the constitutive agreement lists the duties; delays come from the table of dated law (procurement). A duty
without a known delay has no date until the coordinator gives it one: none is invented.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rooms know of one procedure; None: not yet."""

    needs: int = 0
    consolidated_on: date | None = None
    published_on: date | None = None
    deadline_on: date | None = None
    awarded_on: date | None = None
    signed_on: date | None = None
    notified_on: date | None = None
    documents_on: date | None = None
    # The day an existing contract was taken up: its duties of before that day are nobody's to do here.
    taken_up_on: date | None = None


@dataclass(frozen=True, slots=True)
class Duty:
    """`how`: what to do, in French; `to_confirm`: a lawyer has still to confirm its delay."""

    code: str
    label: str
    how: str
    to_confirm: bool = False


@dataclass(frozen=True, slots=True)
class Dated:
    """A day, and in French why that one."""

    on: date
    because: str


DUTIES = (
    Duty("needs", "Recenser les besoins des membres", "Chaque membre écrit les siens\u202f; vous les rassemblez."),
    Duty("documents", "Écrire les documents de la consultation", "Dans le dossier d’achat que les besoins ont rempli."),
    Duty("procedure", "Publier la consultation", "Tous les membres y sont nommés."),
    Duty("board", "Réunir la commission d’appel d’offres", "La commission du coordinateur choisit le titulaire."),
    Duty("signature", "Signer le marché", "Pour tous les membres du groupement."),
    Duty(
        "legality", "Transmettre au contrôle de légalité",
        "Avant la notification, avec les pièces du marché. Le délai est à confirmer.", to_confirm=True,
    ),
    Duty("notification", "Notifier le marché au titulaire", "La date de notification fait partir les délais suivants."),
    Duty("award_notice", "Publier l’avis d’attribution", "Là où la consultation a paru.", to_confirm=True),
    Duty("handover", "Remettre les pièces du marché aux membres", "Jointes à l’accord-cadre, tous les lisent."),
    Duty("essential_data", "Publier les données essentielles du marché", "Le fichier DECP, en données ouvertes."),
)  # fmt: skip

BY_CODE = {one.code: one for one in DUTIES}

# A contract taken up went through these elsewhere.
_OF_THE_CONSULTATION = frozenset({"needs", "documents", "procedure", "board"})

AWARD_NOTICE_DAYS = 30
ESSENTIAL_DATA_MONTHS = 2


def due(code: str, facts: Facts) -> Dated | None:
    """The last day of a duty, once what it counts from has happened."""
    if code == "board" and facts.deadline_on:
        return Dated(facts.deadline_on, "Dès la date limite de remise des plis\u202f: rien ne s’ouvre avant elle.")
    if code == "notification" and facts.signed_on:
        return Dated(facts.signed_on, "Le marché est signé\u202f: il ne vaut pour le titulaire qu’une fois notifié.")
    if code == "award_notice" and facts.signed_on:
        return Dated(
            facts.signed_on + timedelta(days=AWARD_NOTICE_DAYS),
            f"{AWARD_NOTICE_DAYS} jours après la signature (R2183-1, à confirmer).",
        )
    if code == "handover" and facts.notified_on:
        return Dated(facts.notified_on, "Dès la notification\u202f: les membres commandent avec ces pièces.")
    if code == "essential_data" and facts.notified_on:
        return Dated(
            months_after(facts.notified_on, ESSENTIAL_DATA_MONTHS),
            "Deux mois après la notification, à partir de 40\u00a0000\u00a0€ hors taxes.",
        )
    return None


def proven(code: str, facts: Facts) -> Dated | None:
    """When a duty was done, where the platform itself has seen it."""
    day, because = {
        "needs": (facts.consolidated_on, "Les besoins ont ouvert une consultation ce jour-là."),
        "documents": (facts.published_on, "La consultation a paru avec ses documents."),
        "procedure": (facts.published_on, "La consultation a paru."),
        "board": (facts.awarded_on, "L’attribution décidée ce jour-là est enregistrée."),
        "signature": (facts.signed_on, "La signature est datée dans l’attribution."),
        "notification": (facts.notified_on, "La notification est datée dans l’attribution."),
        "handover": (facts.documents_on, "Une pièce du marché est jointe à l’accord-cadre."),
    }.get(code, (None, ""))
    if facts.taken_up_on and code in _OF_THE_CONSULTATION:
        because = "Fait avant la reprise\u202f: le contrat existait déjà."
    return Dated(day, because) if day else None


def before_take_up(day: date | None, facts: Facts) -> bool:
    """Whether a duty that nothing proves was to be done before an existing contract was taken up; without a known day
    (`day` None) it was, since the contract was notified by then.
    """
    return facts.taken_up_on is not None and (day is None or day < facts.taken_up_on)


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or its last day when it has no such one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
