"""Somebody asks to be told of earlier slots: written at once, listened to once their address has said yes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from parvis.appointments.letters.waiting import ask_to_confirm
from parvis.appointments.models import Waiting, WaitingState
from parvis.appointments.rules.paris import day_of
from parvis.appointments.rules.waiting import FARTHEST
from parvis.appointments.selectors.agglomeration_scope import agglomeration_scope
from parvis.appointments.selectors.waiting import WaitedFor, waited_for
from parvis.kit import clock
from parvis.kit.errors import Refusal


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody waits for. `code` as in selectors/waiting.py; no `place_ids`: anywhere; both days included."""

    code: str
    persons: int
    place_ids: tuple[UUID, ...]
    after: date
    before: date


def join_waiting(wish: Wish, email: str, phone: str = "") -> Waiting:
    """Keeps the wish and writes to the address, which confirms by its link. `phone` is E.164, or empty.

    Raises Refusal: not_waited_for, too_many, bad_days; NoAgglomeration.
    """
    wish = _checked(wish)
    with agglomeration_scope() as whole:
        waiting: Waiting = Waiting.objects.create(
            reason_code=wish.code, persons=wish.persons, place_ids=[str(one) for one in wish.place_ids],
            after=wish.after, before=wish.before, email=email.strip().lower(), phone=phone,
        )  # fmt: skip
        ask_to_confirm(waiting, whole)
    return waiting


def confirm_waiting(waiting_id: UUID) -> Waiting:
    """The address says yes; twice changes nothing. Whoever asked twice for the same keeps the newer wish, and the rank
    of the older one. Raises Refusal wait_is_over, NoAgglomeration.
    """
    with agglomeration_scope():
        waiting = _live(waiting_id)
        if waiting.confirmed_at is None:
            others = Waiting.objects.select_for_update().filter(
                email=waiting.email, reason_code=waiting.reason_code, state=WaitingState.WAITING,
                confirmed_at__isnull=False,
            )  # fmt: skip
            for earlier in others:
                waiting.created_at = min(waiting.created_at, earlier.created_at)
                earlier.state = WaitingState.LEFT
                earlier.save(update_fields=["state"])
            waiting.confirmed_at = clock.now()
            waiting.save(update_fields=["confirmed_at", "created_at"])
    return waiting


def change_waiting(waiting_id: UUID, wish: Wish) -> Waiting:
    """Other places, days or persons, the reason and the rank kept. Raises Refusal as join_waiting, wait_is_over."""
    with agglomeration_scope():
        waiting = _live(waiting_id)
        wish = _checked(replace(wish, code=waiting.reason_code))
        waiting.persons, waiting.after, waiting.before = wish.persons, wish.after, wish.before
        waiting.place_ids = [str(one) for one in wish.place_ids]
        waiting.save(update_fields=["persons", "after", "before", "place_ids"])
    return waiting


def _live(waiting_id: UUID) -> Waiting:
    waiting: Waiting | None = Waiting.objects.select_for_update().filter(id=waiting_id).first()
    if waiting is None or waiting.state != WaitingState.WAITING:
        message = _("Cette demande est terminée. Pour attendre de nouveau, faites-en une autre.")
        raise Refusal("wait_is_over", message)
    return waiting


def _checked(wish: Wish) -> Wish:
    """With only the places that serve the reason, and none of them when all are wanted."""
    known = waited_for(wish.code)
    if known is None:
        message = _("On ne peut pas attendre pour ce motif. Choisissez-en un autre, ou appelez l’accueil.")
        raise Refusal("not_waited_for", message, "motif")
    if not 1 <= wish.persons <= known.max_persons:
        message = _("Un rendez-vous accueille {count} personnes au plus. Faites deux demandes, ou appelez l’accueil.")
        raise Refusal("too_many", message.format(count=known.max_persons), "personnes")
    _check_days(wish)
    kept: Sequence[UUID] = [one for one in dict.fromkeys(wish.place_ids) if one in known.place_ids]
    if wish.place_ids and not kept:
        message = _("Ces lieux ne reçoivent pas pour ce motif. Choisissez-en d’autres, ou n’en cochez aucun.")
        raise Refusal("not_waited_for", message, "lieux")
    return replace(wish, place_ids=() if _everywhere(kept, known) else tuple(kept))


def _everywhere(kept: Sequence[UUID], known: WaitedFor) -> bool:
    # A place that opens later is one more chance for whoever ticked them all.
    return len(known.place_ids) > 1 and set(kept) == known.place_ids


def _check_days(wish: Wish) -> None:
    today = day_of(clock.now())
    if wish.before < today:
        raise Refusal("bad_days", _("Cette date est passée. Choisissez un jour à venir."), "avant")
    if wish.before < wish.after:
        raise Refusal("bad_days", _("Ce jour vient avant le premier. Choisissez-en un plus tard."), "avant")
    if wish.before > today + FARTHEST:
        raise Refusal("bad_days", _("Nous cherchons un an au plus. Choisissez un jour plus proche."), "avant")
