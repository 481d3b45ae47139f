"""The appointments of the demo as events: every place, who receives there, and what people did."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from uuid import UUID

from django.db.models import Q
from django.utils.text import slugify

from parvis.authorities.facade import AuthorityView, Role
from parvis.kit import clock, scope
from parvis.site.demo import cast
from parvis.site.demo.cast import CITIZEN_DOMAIN, Agent
from parvis.site.demo.events import Event
from parvis.site.demo.halls import names
from parvis.site.demo.people import Seats
from parvis.site.demo.sites import Site
from parvis.site.demo.verbs import NationalDeclaration, Wish, confirm_waiting, day_of, grant_role, join_waiting
from parvis.site.demo.visits import life, walk_ins

# Appointments booked since then are told to the coordination service by the worker of the demo.
DECLARED = timedelta(days=1)


def lend_head(made: Sequence[Site], where: Seats, agents: dict[Agent, UUID]) -> None:
    """The agglomeration's head of reception stands in at each town hall but the city's, and sees its figures."""
    head, operator = agents[cast.RECEPTION_HEAD], agents[cast.OPERATOR]
    own = {where.agglomeration.id, where.city.id}
    for house_id in dict.fromkeys(one.house.id for one in made if one.house.id not in own):
        grant_role(operator, house_id, head, Role.DESK_MANAGER)


def received(made: Sequence[Site], where: Seats, agents: dict[Agent, UUID], now: datetime) -> Iterator[Event]:
    """The past of every place; on the demo's day some came to the city's without an appointment."""
    own = {where.city.id: agents[cast.DESK_AGENT], where.village.id: agents[cast.VILLAGE_DESK]}
    serials = count(1)
    for site in made:
        actor = own.get(site.house.id, agents[cast.RECEPTION_HEAD])
        yield from life(site, actor, now, serials)
        if site is _main(made, where.city):
            yield from walk_ins(site, actor, now)


def waiting(made: Sequence[Site], where: Seats, now: datetime) -> Iterator[Event]:
    """Those who wait for an earlier slot of the second town, where nothing is left; the last one for two places."""
    busy = next(one for one in made if one.house.id == where.town.id)
    city = _main(made, where.city)
    for rank, code in enumerate(("passport", "id-card", "passport", "id-card-passport")):
        at = (now - timedelta(days=6 - rank)).astimezone(clock.PARIS).replace(hour=18 + rank, minute=7 + 9 * rank)
        places = (busy.place.id, city.place.id) if rank == 3 else (busy.place.id,)
        wish = Wish(code, 1 + rank % 2, places, day_of(at) + timedelta(days=1), day_of(now) + timedelta(days=25))
        yield Event(at, where.agglomeration, partial(_wait, wish, names().first[5 * rank + 2], at), quiet=True)


def _wait(wish: Wish, name: str, at: datetime) -> None:
    asked = join_waiting(wish, f"{slugify(name)}.attend@{CITIZEN_DOMAIN}")
    with clock.frozen_at(at + timedelta(minutes=4)):
        confirm_waiting(asked.id)


def note_declared(made: Sequence[Site], now: datetime) -> None:
    """The national network was told of what is past, and of what was booked before the last days, in its time: the rest
    is declared when the demo starts.
    """
    told = Q(at__lt=now) | Q(changed_at__lt=now - DECLARED)
    for house_id in dict.fromkeys(one.house.id for one in made):
        with scope.authority(house_id):
            NationalDeclaration.objects.filter(told, state="to_declare").update(state="declared", attempts=1)


def _main(made: Sequence[Site], city: AuthorityView) -> Site:
    return next(one for one in made if one.house.id == city.id)
