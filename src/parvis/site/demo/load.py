"""The whole demo, made once and in one transaction: a load that is cut short leaves nothing, and may be tried again."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from parvis.audit import facade as audit
from parvis.authorities.facade import AuthorityView, Role, agglomeration
from parvis.kit import clock, scope
from parvis.site.demo import cast
from parvis.site.demo.agreements import leave, make_agreements
from parvis.site.demo.cast import Agent, Seat
from parvis.site.demo.catalogue import samples
from parvis.site.demo.custody import Holder
from parvis.site.demo.events import Event, play
from parvis.site.demo.people import Seats, agent_email, make_agents, make_citizen, make_firms, make_operator, seats
from parvis.site.demo.places import known_places, make_places, places
from parvis.site.demo.reception import lend_head, note_declared, received, waiting
from parvis.site.demo.sharing import Sharing
from parvis.site.demo.sharing_orders import Orders
from parvis.site.demo.sharing_year import year_events
from parvis.site.demo.sites import make_sites
from parvis.site.demo.story import Story, Team
from parvis.site.demo.verbs import open_test_consultation

# Days before the demo's day: the platform opens, then the custodians make their keys.
OPENED, KEYS_MADE = 63, 58

_QUALITIES = {
    Role.BOARD_CHAIR: "présidence de la commission d’appel d’offres",
    Role.BOARD_DELEGATE: "délégation du président",
    Role.BOARD_MEMBER: "membre de la commission d’appel d’offres",
}

Say = Callable[[str], None]


class OtherAgglomeration(Exception):
    """The database serves another agglomeration already."""


def load(name: str, say: Say) -> Seats:
    """Makes the demo of an agglomeration unless it is there, telling each step in French. Raises OtherAgglomeration."""
    whole = places(name)[0]
    known = agglomeration()
    if known is not None and known.siren != whole.siren:
        raise OtherAgglomeration(known.name)
    if known is not None:
        say("Les données de démonstration sont déjà là.")
        return seats(known_places(name))
    now = clock.now()
    with transaction.atomic():
        with clock.frozen_at(now - timedelta(days=OPENED)):
            houses = make_places(name, make_operator())
            say(f"Collectivités : {houses[0].name} et ses {len(houses) - 1} communes.")
            where = seats(houses)
            agents, firms = make_agents(where), make_firms()
            make_citizen()
            employees = sum(len(firm.people) for firm in firms)
            people = f"{len(agents)} agents, {len(firms)} entreprises ({employees} personnes), un usager."
            say(f"Personnes inventées : {people}")
            covered = make_agreements(houses, where, agents[cast.COORDINATOR])
            # The agreements have opened their tool of procurement.
            houses = known_places(name)
            where = seats(houses)
            say(f"Conventions de mise à disposition de l’outil d’achat : {covered} en vigueur.")
            made = make_sites(houses, where, now)
            lend_head(made, where, agents)
            say(f"Accueil : {len(made)} lieux où prendre rendez-vous.")
            with scope.authority(where.agglomeration.id):
                open_test_consultation(where.agglomeration.id)
            audit.anchor()
        buying = {seat for agent in cast.AGENTS for seat, role in agent.hats if role is Role.BUYER}
        teams = {seat: _team(seat, where, agents) for seat in Seat if seat in buying}
        stories = [Story(sample, teams[sample.seat], firms, now) for sample in samples()]
        events = [*_keys(teams.values(), now), *(event for story in stories for event in story.events())]
        say(f"Consultations : {len(stories)} à toutes les étapes, soit {len(events)} gestes à rejouer…")
        sharing = Sharing(houses, where, agents, now)
        shared = [*sharing.events(), *Orders(sharing).events(), *year_events(sharing)]
        say(f"Groupement de commandes : {len(shared)} gestes à rejouer…")
        visits = [*received(made, where, agents, now), *waiting(made, where, now)]
        say(f"Rendez-vous : {len(visits)} gestes à rejouer…")
        # Together: the register has one order, that of time.
        play([*events, *visits, *shared, leaving(houses, where, agents, now)])
        note_declared(made, now)
        sealed = sum(len(story.sample.bids) for story in stories)
        say(f"Registre : {sealed} plis scellés, récépissés horodatés et inscrits.")
    return where


def leaving(houses: list[AuthorityView], where: Seats, agents: dict[Agent, UUID], now: datetime) -> Event:
    """One commune gives notice of its agreement."""
    at = now - timedelta(days=21)
    return Event(at, where.agglomeration, lambda: leave(houses, where, agents[cast.COORDINATOR]), quiet=True)


def _team(seat: Seat, where: Seats, agents: dict[Agent, UUID]) -> Team:
    """The custodians in the order of their rank; two of three in the city, one alone elsewhere."""
    house = where.at(seat)
    buyer = next(agent for agent in cast.AGENTS if (seat, Role.BUYER) in agent.hats)
    holders = []
    for role, quality in _QUALITIES.items():
        for agent in cast.AGENTS:
            if (seat, role) in agent.hats:
                holders.append(Holder(agent.name, quality, agents[agent], agent.phrase))
    return Team(
        house, agents[buyer], buyer.name, agent_email(buyer, where), tuple(holders), 2 if len(holders) > 2 else 1
    )


def _keys(teams: Iterable[Team], now: datetime) -> Iterator[Event]:
    """Each custodian makes their key, five minutes after the one before."""
    at = now - timedelta(days=KEYS_MADE)
    for team in teams:
        for holder in team.holders:
            at += timedelta(minutes=5)
            yield Event(at, team.house, holder.make_key)
