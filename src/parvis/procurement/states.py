"""The moves of a consultation, a submission, an envelope and an opening session, as tables that a lawyer can read.

A verb is the name of a service (docs/flows/sealed-bid.md). No state for lateness of a consultation: the clock says it.
"""

from dataclasses import dataclass
from enum import StrEnum


class ConsultationState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    OPENING = "opening"
    OPENED = "opened"
    AWARDED = "awarded"
    DISCONTINUED = "discontinued"
    CANCELLED = "cancelled"


class SubmissionState(StrEnum):
    SEALED = "sealed"
    SUPERSEDED = "superseded"
    LATE = "late"
    OPENED = "opened"
    RETURNED = "returned"


class EnvelopeState(StrEnum):
    SEALED = "sealed"
    OPENED = "opened"
    UNREADABLE = "unreadable"


class SessionState(StrEnum):
    RUNNING = "running"
    CLOSED = "closed"


class Who(StrEnum):
    BUYER = "buyer"
    BOARD_CHAIR = "board_chair"
    CUSTODIAN = "custodian"
    COMPANY = "company"
    ANYONE = "anyone"
    PLATFORM = "platform"


@dataclass(frozen=True, slots=True)
class Transition:
    """`origin` None: the thing did not exist. `condition` is in French, to be read by a lawyer; services enforce it."""

    origin: StrEnum | None
    verb: str
    to: StrEnum
    who: tuple[Who, ...]
    condition: str


C, P, E, T, W = ConsultationState, SubmissionState, EnvelopeState, SessionState, Who

CONSULTATION: tuple[Transition, ...] = (
    Transition(None, "create_consultation", C.DRAFT, (W.BUYER,), "Un acheteur de la collectivité ouvre un dossier."),
    Transition(C.DRAFT, "save_draft", C.DRAFT, (W.BUYER,), "Rien n’est encore public."),
    Transition(
        C.DRAFT, "set_group_buyers", C.DRAFT, (W.BUYER,),
        "La collectivité qui tient le dossier coordonne le groupement ; ses membres sont nommés avant la publication.",
    ),
    Transition(
        C.DRAFT, "hold_key_ceremony", C.DRAFT, (W.BOARD_CHAIR,),
        "Lots, enveloppes et porteurs de clés sont fixés ; chaque porteur a sa propre clé.",
    ),
    Transition(C.DRAFT, "rehearse", C.DRAFT, (W.CUSTODIAN,), "Les clés sont créées ; chaque porteur ouvre ses parts."),
    Transition(C.DRAFT, "open_canary", C.DRAFT, (W.CUSTODIAN,), "Le quorum a répété : le témoin s’ouvre."),
    Transition(
        C.DRAFT, "publish_consultation", C.PUBLISHED, (W.BUYER,),
        "Rien ne manque ; tous les porteurs ont répété, l’un d’eux au moins par sa phrase ; le témoin est ouvert.",
    ),
    Transition(C.DRAFT, "cancel_draft", C.CANCELLED, (W.BUYER,), "Le dossier n’a jamais été publié."),
    Transition(C.PUBLISHED, "record_download", C.PUBLISHED, (W.ANYONE,), "Accès libre, gratuit, complet et anonyme."),
    Transition(
        C.PUBLISHED, "seal_submission", C.PUBLISHED, (W.COMPANY,),
        "Jusqu’à la date limite comprise, le pli est dans les délais ; après elle, il est gardé scellé, hors délai.",
    ),
    Transition(
        C.PUBLISHED, "start_opening", C.OPENING, (W.BOARD_CHAIR,),
        "La date limite est passée depuis 30 secondes au moins ; les présents sont notés.",
    ),
    Transition(C.OPENING, "record_download", C.OPENING, (W.ANYONE,), "Les documents restent en accès libre."),
    Transition(
        C.OPENING, "seal_submission", C.OPENING, (W.COMPANY,), "Hors délai : gardé scellé, signalé, jamais caché."
    ),
    Transition(
        C.OPENING, "release_share", C.OPENING, (W.CUSTODIAN,), "Le porteur est présent ; la séance est ouverte."
    ),
    Transition(
        C.OPENING, "open_envelopes", C.OPENING, (W.BOARD_CHAIR,), "Le quorum a donné ses parts pour cette étape."
    ),
    Transition(
        C.OPENING, "close_opening", C.OPENED, (W.BOARD_CHAIR,),
        "Toute enveloppe à ouvrir est ouverte ou dite illisible, avec sa raison ; le procès-verbal est écrit.",
    ),
    Transition(C.OPENED, "record_download", C.OPENED, (W.ANYONE,), "Les documents restent en accès libre."),
    Transition(
        C.OPENED, "seal_submission", C.OPENED, (W.COMPANY,), "Hors délai : gardé scellé, signalé, jamais caché."
    ),
    Transition(
        C.OPENED, "record_award", C.OPENED, (W.BUYER,),
        "L’attribution d’un lot est décidée et datée ; d’autres lots restent à attribuer.",
    ),
    Transition(
        C.OPENED, "record_award", C.AWARDED, (W.BUYER,),
        "L’attribution est décidée et datée, pour le marché entier ou pour le dernier de ses lots.",
    ),
    Transition(
        C.OPENED, "complete_award", C.OPENED, (W.BUYER,), "La signature, puis la notification, sont datées une fois."
    ),
    Transition(
        C.OPENED, "correct_award", C.OPENED, (W.BUYER,), "Le marché n’est pas notifié ; la raison est écrite."
    ),
    Transition(
        C.AWARDED, "complete_award", C.AWARDED, (W.BUYER,), "La signature, puis la notification, sont datées une fois."
    ),
    Transition(
        C.AWARDED, "correct_award", C.AWARDED, (W.BUYER,), "Le marché n’est pas notifié ; la raison est écrite."
    ),
    Transition(C.AWARDED, "record_download", C.AWARDED, (W.ANYONE,), "Les documents restent en accès libre."),
    Transition(
        C.AWARDED, "seal_submission", C.AWARDED, (W.COMPANY,), "Hors délai : gardé scellé, signalé, jamais caché."
    ),
    Transition(C.PUBLISHED, "discontinue", C.DISCONTINUED, (W.BUYER,), "Sans suite : la raison est écrite et publiée."),
    Transition(C.OPENED, "discontinue", C.DISCONTINUED, (W.BUYER,), "Sans suite : la raison est écrite et publiée."),
)  # fmt: skip

SUBMISSION: tuple[Transition, ...] = (
    Transition(None, "seal_submission", P.SEALED, (W.COMPANY,), "Dernier octet reçu jusqu’à la date limite comprise."),
    Transition(None, "seal_submission", P.LATE, (W.COMPANY,), "Dernier octet reçu après la date limite (R2151-5)."),
    Transition(
        P.SEALED, "supersede_submission", P.SUPERSEDED, (W.PLATFORM,),
        "La même entreprise a déposé ensuite un autre pli, dans les délais : il remplace celui-ci en entier (R2151-6).",
    ),
    Transition(
        P.SEALED, "open_envelopes", P.OPENED, (W.BOARD_CHAIR,), "En séance, avec le quorum des porteurs de clés."
    ),
    Transition(
        P.OPENED, "supersede_submission", P.SUPERSEDED, (W.PLATFORM,),
        "Un pli plus récent, reçu dans les délais, n’est parvenu au registre qu’après l’ouverture de celui-ci.",
    ),
    Transition(
        P.SEALED, "return_submission", P.RETURNED, (W.BUYER,),
        "Rendu sans être ouvert : consultation sans suite ou candidature écartée (à confirmer).",
    ),
    Transition(P.SUPERSEDED, "return_submission", P.RETURNED, (W.BUYER,), "Rendu sans être ouvert (à confirmer)."),
    Transition(P.LATE, "return_submission", P.RETURNED, (W.BUYER,), "Rendu sans être ouvert (à confirmer)."),
)  # fmt: skip

ENVELOPE: tuple[Transition, ...] = (
    Transition(None, "seal_submission", E.SEALED, (W.COMPANY,), "Scellée dans le navigateur de l’entreprise."),
    Transition(E.SEALED, "open_envelopes", E.OPENED, (W.BOARD_CHAIR,), "Contenu conforme à son empreinte."),
    Transition(
        E.SEALED, "open_envelopes", E.UNREADABLE, (W.BOARD_CHAIR,),
        "Contenu illisible ou différent de son empreinte : la raison est écrite au procès-verbal.",
    ),
)  # fmt: skip

SESSION: tuple[Transition, ...] = (
    Transition(
        None, "start_opening", T.RUNNING, (W.BOARD_CHAIR,), "La date limite est passée ; les présents sont notés."
    ),
    Transition(
        T.RUNNING, "set_session_key", T.RUNNING, (W.BOARD_CHAIR,),
        "Un nouveau poste préside : les parts déjà données pour cette étape ne valent plus.",
    ),
    Transition(
        T.RUNNING, "release_share", T.RUNNING, (W.CUSTODIAN,), "Le porteur est présent et donne sa part lui-même."
    ),
    Transition(T.RUNNING, "open_envelopes", T.RUNNING, (W.BOARD_CHAIR,), "Étape par étape, dans l’ordre annoncé."),
    Transition(T.RUNNING, "close_opening", T.CLOSED, (W.BOARD_CHAIR,), "Chaque enveloppe à ouvrir a son résultat."),
)  # fmt: skip

State = ConsultationState | SubmissionState | EnvelopeState | SessionState

TABLES: dict[type[StrEnum], tuple[Transition, ...]] = {
    ConsultationState: CONSULTATION,
    SubmissionState: SUBMISSION,
    EnvelopeState: ENVELOPE,
    SessionState: SESSION,
}


def moves(state: State) -> tuple[Transition, ...]:
    """Every transition out of a state."""
    return tuple(one for one in TABLES[type(state)] if one.origin == state)


def allowed(state: State, verb: str) -> bool:
    """Whether a verb may be tried in this state. `State("…")` makes a state of a stored text."""
    return any(one.verb == verb for one in moves(state))


def destinations(state: State, verb: str) -> tuple[StrEnum, ...]:
    """Where a verb leads from a state; empty when it is not allowed."""
    return tuple(one.to for one in moves(state) if one.verb == verb)
