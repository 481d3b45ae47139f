"""The moves of an appointment, of what the national network was told of it, and of a wait: tables to be read aloud.

A verb is the name of a service (docs/flows/appointments.md).
"""

from dataclasses import dataclass
from enum import StrEnum


class BookingState(StrEnum):
    HELD = "held"
    EXPIRED = "expired"
    BOOKED = "booked"
    DISPLACED = "displaced"
    ARRIVED = "arrived"
    CALLED = "called"
    SERVED = "served"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"


class DeclarationState(StrEnum):
    TO_DECLARE = "to_declare"
    DECLARED = "declared"
    TO_WITHDRAW = "to_withdraw"
    WITHDRAWN = "withdrawn"
    FAILED = "failed"


class WaitingState(StrEnum):
    WAITING = "waiting"
    SERVED = "served"
    LEFT = "left"


# A form is being filled, or was left: nobody is expected, and nothing is booked yet.
UNCONFIRMED = frozenset({BookingState.HELD, BookingState.EXPIRED})


@dataclass(frozen=True, slots=True)
class Move:
    """`origin` None: the thing did not exist. `condition` is in French; services enforce it."""

    origin: StrEnum | None
    verb: str
    to: StrEnum
    condition: str


B, D, W = BookingState, DeclarationState, WaitingState

BOOKING: tuple[Move, ...] = (
    Move(None, "hold_slot", B.HELD, "Le créneau est libre ; il est gardé pour un temps limité."),
    Move(None, "book_for_somebody", B.BOOKED, "Un agent réserve pour une personne qui appelle ou qui est là."),
    Move(None, "add_walk_in", B.ARRIVED, "Quelqu’un vient sans rendez-vous, dans le quota ou avec une raison."),
    Move(B.HELD, "save_booking", B.HELD, "Chaque étape enregistrée prolonge la garde du créneau, jusqu’à un plafond."),
    Move(B.HELD, "hold_again", B.HELD, "La personne choisit un autre créneau du même motif."),
    Move(B.HELD, "confirm_booking", B.BOOKED, "Rien ne manque, et le créneau est encore à la personne."),
    Move(B.HELD, "release_hold", B.EXPIRED, "La personne choisit un autre créneau."),
    Move(B.HELD, "expire_holds", B.EXPIRED, "Le temps est passé : le créneau est rendu à tous."),
    Move(B.EXPIRED, "hold_again", B.HELD, "Le créneau est encore libre, ou un autre est choisi ; rien à retaper."),
    Move(B.EXPIRED, "confirm_booking", B.BOOKED, "Personne n’a pris le créneau entre-temps."),
    Move(B.BOOKED, "move_booking", B.BOOKED, "Le nouveau créneau est pris avant que l’ancien soit rendu."),
    Move(B.BOOKED, "cancel_booking", B.CANCELLED, "L’heure n’est pas passée."),
    Move(B.BOOKED, "displace_booking", B.DISPLACED, "L’horaire est fermé et aucun autre créneau ne convient."),
    Move(B.BOOKED, "record_arrival", B.ARRIVED, "La personne est là ; elle reçoit un ticket."),
    Move(B.BOOKED, "record_no_show", B.NO_SHOW, "L’heure est passée et la personne n’est pas venue."),
    Move(B.DISPLACED, "move_booking", B.BOOKED, "La personne ou l’accueil choisit un autre créneau."),
    Move(B.DISPLACED, "cancel_booking", B.CANCELLED, "La personne renonce."),
    Move(B.ARRIVED, "call_next", B.CALLED, "Un guichet appelle le ticket."),
    Move(B.ARRIVED, "finish_visit", B.SERVED, "La personne a été reçue sans appel à l’écran."),
    Move(B.ARRIVED, "undo_arrival", B.BOOKED, "L’arrivée a été notée par erreur."),
    Move(B.CALLED, "call_next", B.CALLED, "Le ticket est appelé de nouveau."),
    Move(B.CALLED, "finish_visit", B.SERVED, "La personne a été reçue."),
    Move(B.CALLED, "undo_arrival", B.ARRIVED, "La personne appelée n’est pas prête."),
    Move(B.NO_SHOW, "record_arrival", B.ARRIVED, "La personne arrive en retard."),
    Move(B.NO_SHOW, "undo_arrival", B.BOOKED, "L’absence a été notée par erreur."),
)  # fmt: skip

DECLARATION: tuple[Move, ...] = (
    Move(None, "note_declarations", D.TO_DECLARE, "Le rendez-vous est confirmé avec un numéro de pré-demande."),
    Move(D.TO_DECLARE, "declare_booking", D.DECLARED, "Le service de coordination l’a reçu."),
    Move(D.TO_DECLARE, "withdraw_booking", D.TO_WITHDRAW, "Le rendez-vous est déplacé ou annulé avant la réponse."),
    Move(D.TO_DECLARE, "give_up", D.FAILED, "Le service refuse pour de bon ; un agent le voit."),
    Move(D.DECLARED, "withdraw_booking", D.TO_WITHDRAW, "Le rendez-vous est déplacé ou annulé."),
    Move(D.TO_WITHDRAW, "declare_booking", D.WITHDRAWN, "Le service de coordination l’a retiré."),
    Move(D.TO_WITHDRAW, "give_up", D.FAILED, "Le service refuse pour de bon ; un agent le voit."),
    Move(D.TO_WITHDRAW, "note_declarations", D.TO_DECLARE, "Le rendez-vous revient à la date d’avant."),
    Move(D.WITHDRAWN, "note_declarations", D.TO_DECLARE, "Le rendez-vous revient à la date d’avant."),
    Move(D.FAILED, "note_declarations", D.TO_DECLARE, "Le rendez-vous revient à la date d’avant."),
    Move(D.FAILED, "withdraw_booking", D.TO_WITHDRAW, "Le rendez-vous est déplacé ou annulé."),
)  # fmt: skip

WAITING: tuple[Move, ...] = (
    Move(None, "join_waiting", W.WAITING, "L’adresse est confirmée avant toute proposition."),
    Move(W.WAITING, "offer_freed", W.WAITING, "Une place libérée convient ; elle est proposée par un lien qui expire."),
    Move(W.WAITING, "offer_again", W.WAITING, "Personne ne l’a prise en 20 minutes ; les suivants la voient."),
    Move(W.WAITING, "take_offer", W.WAITING, "La première personne qui accepte a le créneau, le temps du formulaire."),
    Move(W.WAITING, "confirm_booking", W.SERVED, "Le rendez-vous proposé est confirmé."),
    Move(W.WAITING, "leave_waiting", W.LEFT, "La personne n’attend plus, ou la dernière date est passée."),
)  # fmt: skip

TABLES: dict[type[StrEnum], tuple[Move, ...]] = {
    BookingState: BOOKING,
    DeclarationState: DECLARATION,
    WaitingState: WAITING,
}


def after(table: tuple[Move, ...], state: str, verb: str) -> str | None:
    """The state that a verb leads to, or None where it may not be done."""
    return next((one.to.value for one in table if one.origin == state and one.verb == verb), None)
