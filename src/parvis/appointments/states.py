"""What may follow what, as data: a booking, and what the national network was told of it."""

from types import MappingProxyType

# state -> verb -> next state. A verb is the name of a service.
BOOKING = MappingProxyType(
    {
        "held": {
            "save_booking": "held",
            "confirm_booking": "booked",
            "release_hold": "expired",
            "expire_holds": "expired",
            "hold_slot": "held",
        },
        "expired": {"hold_slot": "held"},
        "booked": {
            "move_booking": "booked",
            "cancel_booking": "cancelled",
            "displace_booking": "displaced",
            "record_arrival": "arrived",
            "record_no_show": "no_show",
        },
        # Its hour was closed and no other was found: the person chooses, or a desk calls them.
        "displaced": {"move_booking": "booked", "cancel_booking": "cancelled"},
        "arrived": {"call_next": "called", "finish_visit": "served", "undo_arrival": "booked"},
        "called": {"finish_visit": "served", "call_next": "called", "undo_arrival": "arrived"},
        "no_show": {"record_arrival": "arrived", "undo_arrival": "booked"},
        "served": {},
        "cancelled": {},
    }
)

# What the coordination service knows of one number of one booking.
DECLARATION = MappingProxyType(
    {
        "to_declare": {"declare_booking": "declared", "withdraw_booking": "to_withdraw", "give_up": "failed"},
        "declared": {"withdraw_booking": "to_withdraw"},
        "to_withdraw": {"declare_booking": "withdrawn", "give_up": "failed"},
        "withdrawn": {},
        "failed": {"withdraw_booking": "to_withdraw"},
    }
)

WAITING = MappingProxyType(
    {
        "waiting": {
            "offer_freed": "waiting",
            "take_offer": "served",
            "leave_waiting": "left",
            "expire_waiting": "left",
        },
        "served": {},
        "left": {},
    }
)


def after(table: MappingProxyType[str, dict[str, str]], state: str, verb: str) -> str | None:
    """The state that a verb leads to, or None where it may not be done."""
    return table[state].get(verb)
