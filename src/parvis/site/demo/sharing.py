"""The joint procurement of the demo: who is in it, what each member offers, its framework agreement."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from io import BytesIO
from typing import Any
from uuid import UUID

from parvis.authorities.facade import AuthorityView
from parvis.kit import clock, scope
from parvis.kit.money import parse_euros
from parvis.site.demo import cast
from parvis.site.demo.cast import Agent
from parvis.site.demo.events import Event
from parvis.site.demo.numbers import company_siret
from parvis.site.demo.papers import paper as one_page
from parvis.site.demo.people import Seats
from parvis.site.demo.pooling_verbs import (
    Counted,
    Earlier,
    FrameworkTerms,
    accept_membership,
    found_group,
    notify_membership,
    propose_membership,
    record_eservice,
    record_framework,
    record_population,
    record_use,
    start_group,
    write_schedule,
)
from parvis.site.demo.shared_catalogue import SampleService, SharedCatalogue, shared_catalogue

CONTRACTOR = cast.BRUMEVENT


@dataclass(slots=True)
class Sharing:
    """`now`: the day of the demo (aware). Ids are known once their event has been played."""

    houses: Sequence[AuthorityView]
    where: Seats
    agents: dict[Agent, UUID]
    now: datetime
    catalogue: SharedCatalogue = field(default_factory=shared_catalogue)
    group_id: UUID = field(init=False)
    framework_id: UUID = field(init=False)

    @property
    def whole(self) -> AuthorityView:
        return self.where.agglomeration

    @property
    def members(self) -> dict[AuthorityView, int]:
        return self.catalogue.members(self.houses)

    @property
    def latecomer(self) -> AuthorityView:
        """Joined after the procedure was launched."""
        return list(self.members)[-1]

    @property
    def coordinator_id(self) -> UUID:
        return self.agents[cast.COORDINATOR]

    @property
    def start(self) -> date:
        """The group's first day: the first of January before last year's end."""
        return date((self.now - timedelta(days=44)).year - 1, 1, 1)

    def day(self, offset: int) -> date:
        return (self.now + timedelta(days=offset)).astimezone(clock.PARIS).date()

    def events(self) -> Iterator[Event]:
        """The group is taken up as it is: its members, their e-services, its framework agreement."""
        yield self.at(-60, self.whole, self._found)
        for rank, member in enumerate(self.members):
            yield self.at(-60, self.whole, partial(self._join, member), minutes=5 + rank)
        yield self.at(-59, self.whole, self._populations)
        yield self.at(-59, self.whole, self._eservices, minutes=20)
        yield self.at(-58, self.whole, self._framework)

    def at(
        self, days: int, house: AuthorityView, act: Callable[[], Any], *, minutes: int = 0, quiet: bool = True
    ) -> Event:
        """`act` in the working hours of that day; whatever it returns is not a submission."""

        def run() -> None:
            act()

        day = (self.now + timedelta(days=days)).astimezone(clock.PARIS).replace(hour=9, minute=12, second=7)
        # What would fall on a week-end was done on the Friday before.
        day -= timedelta(days=max(0, day.weekday() - 4))
        return Event(day + timedelta(minutes=minutes), house, run, quiet)

    def _found(self) -> None:
        named = self.catalogue.group
        group = found_group(
            name=named["name"], purpose=named["purpose"].replace(" :", "\u202f:"), cpv=named["cpv"],
            decision="DEL-2024-118", decided_on=self.start - timedelta(days=60), starts_on=self.start,
            ends_on=self.start.replace(year=self.start.year + 5), actor_id=self.coordinator_id,
        )  # fmt: skip
        self.group_id = group.id
        start_group(
            group.id, signed_on=self.start - timedelta(days=20), starts_on=self.start,
            ends_on=self.start.replace(year=self.start.year + 5),
            stream=self.paper("Convention constitutive du groupement", "Les membres conviennent d’acheter ensemble."),
            name="convention-constitutive.pdf", actor_id=self.coordinator_id,
        )  # fmt: skip

    def _join(self, member: AuthorityView) -> None:
        late = member == self.latecomer
        effective = self.start.replace(year=self.start.year + 1) if late else self.start
        row = propose_membership(self.group_id, member.id, actor_id=self.coordinator_id)
        with scope.authority(member.id):
            notify_membership(
                row.id, decision=f"DEL-{effective.year - 1}-{member.siren[-3:]}",
                decided_on=effective - timedelta(days=40),
                stream=self.paper(f"Délibération {member.of_name}", "La commune rejoint le groupement."),
                name="deliberation.pdf", notified_on=effective - timedelta(days=25),
                no_need="Les besoins ont été recueillis avant la consultation.", service_code="MUTU",
                commitment=f"E{effective.year}-{member.siren[-4:]}", actor_id=self.coordinator_id,
            )  # fmt: skip
        accept_membership(row.id, effective, actor_id=self.coordinator_id)

    def _populations(self) -> None:
        counted = [Counted(one.id, "totale", 2022, one.population) for one in (self.whole, *self.members)]
        source = "Insee, populations de référence 2022"
        record_population(self.group_id, counted, source=source, actor_id=self.coordinator_id)

    def _eservices(self) -> None:
        """Each member's e-services: those of the agglomeration that it joined, then its own, up to its count."""
        made = {one.code: self._run(self.whole, one) for one in self.catalogue.common}
        for one in self.catalogue.common[: self.catalogue.whole_count]:
            record_use(made[one.code], self.whole.id, self.start, actor_id=self.coordinator_id)
        for rank, (member, count) in enumerate(self.members.items()):
            own = self.catalogue.city if rank == 0 else self.catalogue.local
            own = own[: max(1, count - len(self.catalogue.common))]
            joined = self.catalogue.common[: count - len(own)]
            since = self.start.replace(year=self.start.year + 1) if member == self.latecomer else self.start
            for one in joined:
                record_use(made[one.code], member.id, since, actor_id=self.coordinator_id)
            for one in own:
                record_use(self._run(member, one), member.id, since, actor_id=self.coordinator_id)

    def _run(self, house: AuthorityView, one: SampleService) -> UUID:
        row = record_eservice(
            house.id, code=one.code, name=one.name, theme=one.theme, offered_from=self.start,
            actor_id=self.coordinator_id,
        )  # fmt: skip
        return row.id

    def _framework(self) -> None:
        said = self.catalogue.framework
        begins = self.start + timedelta(days=59)
        terms = FrameworkTerms(
            reference=said["reference"], title=said["title"], contractor_name=CONTRACTOR.name,
            contractor_siret=company_siret(CONTRACTOR.rank), contractor_email=f"commandes@{CONTRACTOR.domain}",
            launched_on=self.start + timedelta(days=7), awarded_on=self.start + timedelta(days=40),
            signed_on=self.start + timedelta(days=48), notified_on=self.start + timedelta(days=52), starts_on=begins,
            ends_on=begins.replace(year=begins.year + 4), min_cents=parse_euros(str(said["min_euros"])),
            max_cents=parse_euros(str(said["max_euros"])),
            earlier=Earlier(
                parse_euros(str(said["used_euros"])), self.day(-61), "État des commandes du service des finances"
            ),
        )  # fmt: skip
        framework = record_framework(self.group_id, terms, actor_id=self.coordinator_id)
        self.framework_id = framework.id
        write_schedule(framework.id, self.catalogue.prices, actor_id=self.coordinator_id)

    def who(self, house: AuthorityView) -> UUID:
        """Who acts there: the referent, or the coordinator for the agglomeration."""
        by_house = {self.where.city.id: cast.REFERENT, self.where.partner.id: cast.PARTNER_REFERENT}
        return self.agents[by_house.get(house.id, cast.COORDINATOR)]

    def signatory(self, house: AuthorityView) -> str:
        by_house = {self.where.city.id: cast.REFERENT, self.where.partner.id: cast.PARTNER_REFERENT}
        return f"{by_house.get(house.id, cast.COORDINATOR).name}, par délégation"

    def paper(self, title: str, text: str) -> BytesIO:
        return BytesIO(one_page(title, self.whole.name, "Groupement de commandes", (("Décision", text),)))
