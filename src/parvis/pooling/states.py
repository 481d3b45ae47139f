"""The moves of agreements, groups, orders, invoices, costs, statements and meetings: tables to be read aloud.

A verb is the name of a service (docs/flows/pooling.md).
"""

from dataclasses import dataclass
from enum import StrEnum


class AgreementState(StrEnum):
    DRAFT = "draft"
    RUNNING = "running"
    NOTICE = "notice"
    ENDED = "ended"


class GroupState(StrEnum):
    PREPARING = "preparing"
    RUNNING = "running"
    ENDED = "ended"


class MembershipState(StrEnum):
    PROSPECT = "prospect"
    NOTIFIED = "notified"
    MEMBER = "member"
    ENDED = "ended"


class DisputeState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class OrderState(StrEnum):
    DRAFT = "draft"
    INFORMED = "informed"
    ISSUED = "issued"
    DELIVERED = "delivered"
    INVOICED = "invoiced"
    PAID = "paid"
    CANCELLED = "cancelled"


class InvoiceState(StrEnum):
    READ = "read"
    MATCHED = "matched"
    REFUSED = "refused"


class CostState(StrEnum):
    ESTIMATED = "estimated"
    CLOSED = "closed"


class StatementState(StrEnum):
    ISSUED = "issued"
    PAID = "paid"
    CREDITED = "credited"


class MeetingState(StrEnum):
    PLANNED = "planned"
    CALLED = "called"
    HELD = "held"
    MINUTED = "minuted"
    CANCELLED = "cancelled"


# An order in one of these states takes its part of the framework's maximum.
RESERVING = frozenset({OrderState.ISSUED, OrderState.DELIVERED, OrderState.INVOICED, OrderState.PAID})


@dataclass(frozen=True, slots=True)
class Move:
    """`origin` None: the thing did not exist. `condition` is in French; services enforce it."""

    origin: StrEnum | None
    verb: str
    to: StrEnum
    condition: str


A, G, B, D, R, V, K, S, T = (
    AgreementState, GroupState, MembershipState, DisputeState, OrderState, InvoiceState, CostState, StatementState,
    MeetingState,
)  # fmt: skip

AGREEMENT: tuple[Move, ...] = (
    Move(None, "prepare_agreement", A.DRAFT, "L’agglomération prépare la convention d’une commune, gratuite."),
    Move(A.DRAFT, "save_agreement", A.DRAFT, "Rien n’est encore signé."),
    Move(A.DRAFT, "discard_agreement", A.ENDED, "Elle n’a jamais été signée ; la raison est écrite."),
    Move(A.DRAFT, "sign_agreement", A.RUNNING, "Les deux délibérations sont jointes ; les dates ouvrent l’accès."),
    Move(A.RUNNING, "amend_agreement", A.RUNNING, "Un avenant signé des deux côtés ; jamais autrement."),
    Move(A.RUNNING, "give_notice", A.NOTICE, "Lettre recommandée ; trois mois comptés de sa réception."),
    Move(A.RUNNING, "terminate_agreement", A.ENDED, "L’agglomération y met fin sans préavis ; la raison est écrite."),
    Move(A.RUNNING, "end_agreements", A.ENDED, "Le terme est atteint : un an, reconduit trois fois au plus."),
    Move(A.NOTICE, "amend_agreement", A.NOTICE, "Un avenant signé des deux côtés ; il n’arrête pas le préavis."),
    Move(A.NOTICE, "terminate_agreement", A.ENDED, "L’agglomération y met fin sans attendre la fin du préavis."),
    Move(A.NOTICE, "end_agreements", A.ENDED, "Le préavis est écoulé."),
)

GROUP: tuple[Move, ...] = (
    Move(None, "found_group", G.PREPARING, "L’agglomération coordonne ; elle est le premier membre."),
    Move(G.PREPARING, "save_group", G.PREPARING, "La convention constitutive n’est pas encore signée."),
    Move(G.PREPARING, "start_group", G.RUNNING, "La convention constitutive est signée et jointe."),
    Move(G.RUNNING, "end_groups", G.ENDED, "Le terme du groupement est atteint."),
)

MEMBERSHIP: tuple[Move, ...] = (
    Move(None, "found_group", B.MEMBER, "Le coordinateur est membre dès la création."),
    Move(None, "propose_membership", B.PROSPECT, "Une commune se dit intéressée, ou le coordinateur l’invite."),
    Move(B.PROSPECT, "notify_membership", B.NOTIFIED, "Sa décision est jointe et notifiée, ses besoins sont dits."),
    Move(B.NOTIFIED, "return_membership", B.PROSPECT, "Il manque quelque chose : le coordinateur dit quoi."),
    Move(B.NOTIFIED, "accept_membership", B.MEMBER, "Le coordinateur en prend acte, à partir d’un jour."),
    Move(B.MEMBER, "end_groups", B.ENDED, "Nul ne quitte le groupement avant son terme."),
)

DISPUTE: tuple[Move, ...] = (
    Move(None, "open_dispute", D.OPEN, "Le coordinateur note le litige et ses pièces."),
    Move(D.OPEN, "close_dispute", D.CLOSED, "L’issue et sa date sont écrites."),
)

ORDER: tuple[Move, ...] = (
    Move(None, "draft_order", R.DRAFT, "Un membre choisit dans le bordereau des prix."),
    Move(R.DRAFT, "save_order", R.DRAFT, "Personne d’autre n’en est encore informé."),
    Move(R.DRAFT, "inform_group", R.INFORMED, "Les autres membres la lisent et ont un délai pour répondre."),
    Move(R.INFORMED, "answer_order", R.INFORMED, "Avant l’émission : vu, remarque, ou « je me joins »."),
    Move(R.INFORMED, "accept_joining", R.INFORMED, "Celui qui commande accepte le partage demandé."),
    Move(R.INFORMED, "rework_order", R.DRAFT, "La commande change : l’information est à refaire."),
    Move(
        R.INFORMED, "issue_order", R.ISSUED,
        "Le délai est passé ou tous ont répondu ; le montant tient sous le maximum, réservé d’un seul geste.",
    ),
    Move(R.ISSUED, "accept_delivery", R.DELIVERED, "Ce qui est livré est constaté, avec ou sans réserves."),
    Move(R.DELIVERED, "match_invoice", R.INVOICED, "Une facture du titulaire correspond à la commande."),
    Move(R.INVOICED, "match_invoice", R.INVOICED, "Une autre facture, ou un avoir, de la même commande."),
    Move(R.INVOICED, "unmatch_invoice", R.DELIVERED, "La seule facture rapprochée ne l’était pas à bon droit."),
    Move(R.DELIVERED, "lift_reserves", R.DELIVERED, "Le titulaire a corrigé ce que la réception lui reprochait."),
    Move(R.INVOICED, "lift_reserves", R.INVOICED, "De même, une fois la facture rapprochée."),
    Move(R.PAID, "lift_reserves", R.PAID, "De même, quand le paiement n’a pas attendu."),
    Move(R.INVOICED, "pay_order", R.PAID, "Le comptable a payé ; ce qui n’a pas été facturé est rendu au maximum."),
    Move(R.DRAFT, "cancel_order", R.CANCELLED, "Rien n’était émis."),
    Move(R.INFORMED, "cancel_order", R.CANCELLED, "Rien n’était émis ; les membres informés le sont aussi de cela."),
    Move(R.ISSUED, "cancel_order", R.CANCELLED, "Avec l’accord du titulaire ; le montant est rendu au maximum."),
)  # fmt: skip

INVOICE: tuple[Move, ...] = (
    Move(None, "receive_invoice", V.READ, "Le fichier est lu ; son contenu n’est pas retapé."),
    Move(None, "enter_invoice", V.READ, "Une facture sur papier est saisie, son image jointe."),
    Move(V.READ, "match_invoice", V.MATCHED, "Aucune différence bloquante avec la commande."),
    Move(V.READ, "refuse_invoice", V.REFUSED, "La raison est écrite, pour le titulaire."),
    Move(V.MATCHED, "unmatch_invoice", V.READ, "Avant le paiement seulement."),
)

COST: tuple[Move, ...] = (
    Move(None, "record_cost", K.ESTIMATED, "Une commande, une facture ou une saisie : ce qui sera partagé."),
    Move(K.ESTIMATED, "save_cost", K.ESTIMATED, "Rien n’a encore été appelé sur ce coût."),
    Move(K.ESTIMATED, "close_cost", K.CLOSED, "Le montant définitif est connu."),
)

STATEMENT: tuple[Move, ...] = (
    Move(None, "call_instalment", S.ISSUED, "Un acompte par membre qui doit quelque chose."),
    Move(None, "issue_closing", S.ISSUED, "Tous les coûts de l’exercice sont arrêtés : définitif moins appelé."),
    Move(None, "credit_statement", S.ISSUED, "L’avoir : les mêmes lignes, en négatif."),
    Move(S.ISSUED, "note_payment", S.PAID, "Le total payé atteint le montant appelé."),
    Move(S.ISSUED, "correct_payment", S.ISSUED, "Un paiement noté par erreur est repris par son contraire."),
    Move(S.PAID, "correct_payment", S.ISSUED, "Un paiement noté par erreur est repris : le montant reste dû."),
    Move(S.ISSUED, "credit_statement", S.CREDITED, "Un avoir l’annule ; la raison est écrite."),
    Move(S.PAID, "credit_statement", S.CREDITED, "Un avoir l’annule ; la raison est écrite."),
)

MEETING: tuple[Move, ...] = (
    Move(None, "plan_meeting", T.PLANNED, "Le coordinateur choisit la date et l’ordre du jour."),
    Move(T.PLANNED, "save_meeting", T.PLANNED, "Personne n’est encore convoqué."),
    Move(T.PLANNED, "call_meeting", T.CALLED, "Tous les membres sont convoqués avec l’ordre du jour."),
    Move(T.CALLED, "record_attendance", T.HELD, "L’heure est passée ; chacun est présent, excusé ou absent."),
    Move(T.HELD, "record_attendance", T.HELD, "Correction avant le dépôt du compte rendu."),
    Move(T.HELD, "decide", T.HELD, "Une décision, et ce qu’elle change à partir d’un jour."),
    Move(T.HELD, "file_minutes", T.MINUTED, "Le compte rendu est écrit et envoyé aux membres."),
    Move(T.PLANNED, "cancel_meeting", T.CANCELLED, "Personne n’était convoqué."),
    Move(T.CALLED, "cancel_meeting", T.CANCELLED, "Les membres convoqués sont prévenus."),
)

TABLES: dict[type[StrEnum], tuple[Move, ...]] = {
    AgreementState: AGREEMENT,
    GroupState: GROUP,
    MembershipState: MEMBERSHIP,
    DisputeState: DISPUTE,
    OrderState: ORDER,
    InvoiceState: INVOICE,
    CostState: COST,
    StatementState: STATEMENT,
    MeetingState: MEETING,
}


def allowed(state: StrEnum, verb: str) -> bool:
    """Whether a verb may be tried in this state. `State("…")` makes a state of a stored text."""
    return any(one.origin == state and one.verb == verb for one in TABLES[type(state)])


def destinations(state: StrEnum, verb: str) -> tuple[StrEnum, ...]:
    """Where a verb leads from a state; empty when it is not allowed."""
    return tuple(one.to for one in TABLES[type(state)] if one.origin == state and one.verb == verb)
