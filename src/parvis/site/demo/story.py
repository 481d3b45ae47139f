"""The life of one sample consultation, from its entry to the stage reached today, as events of the demo's past."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import partial
from io import BytesIO
from uuid import UUID

from parvis.authorities.facade import AuthorityView
from parvis.kit import clock
from parvis.site.demo.cast import Firm
from parvis.site.demo.catalogue import Bid, Sample, Stage
from parvis.site.demo.custody import Holder, hold_ceremony, hold_session, rehearse_alone
from parvis.site.demo.deposits import deposit
from parvis.site.demo.events import Event
from parvis.site.demo.papers import paper
from parvis.site.demo.people import FirmView
from parvis.site.demo.verbs import (
    WHOLE,
    Consultation,
    CriterionInput,
    LotInput,
    Present,
    add_document,
    create_consultation,
    publish_consultation,
    record_download,
    save_draft,
    watch_consultation,
)

NUTS = {"68": "FRF12", "21": "FRC11"}
_ADAPTED = (("rules", "Règlement de la consultation"), ("specifications_single", "Cahier des charges"))
_OPEN = (
    ("rules", "Règlement de la consultation"),
    ("specifications_admin", "CCAP, clauses administratives"),
    ("specifications_technical", "CCTP, clauses techniques"),
)
_ALWAYS = (("commitment", "Acte d’engagement"), ("price_schedule", "Bordereau des prix"))
# Days from today to the deadline; the sealed ones are counted in working days, so that nobody closes on a Sunday.
_DEADLINE = {
    Stage.READY_FOR_KEYS: 35, Stage.REHEARSAL: 32, Stage.READY: 30, Stage.CLOSING_SOON: 2, Stage.PUBLISHED: 21,
    Stage.WAITING: -1, Stage.OPENED: -12,
}  # fmt: skip
# Days from publication back to today.
_PUBLISHED = {Stage.CLOSING_SOON: -26, Stage.PUBLISHED: -15, Stage.WAITING: -31, Stage.OPENED: -43}
# Days from the entry back to today, for what is not published.
_ENTERED = {Stage.INCOMPLETE: -1, Stage.READY_FOR_KEYS: -3, Stage.REHEARSAL: -8, Stage.READY: -11}
_CEREMONY = {Stage.REHEARSAL: -4, Stage.READY: -6}


@dataclass(frozen=True, slots=True)
class Team:
    """Who acts for an authority: `holders` are its custodians, the chair first; k of them open."""

    house: AuthorityView
    buyer_id: UUID
    buyer_name: str
    buyer_email: str
    holders: tuple[Holder, ...]
    k: int


@dataclass(slots=True)
class Story:
    """`now`: the day of the demo (aware). Events come in order of time, none later than `now`."""

    sample: Sample
    team: Team
    firms: dict[Firm, FirmView]
    now: datetime
    consultation_id: UUID = field(init=False)
    last: datetime | None = None

    @property
    def consultation(self) -> Consultation:
        found: Consultation = Consultation.objects.get(id=self.consultation_id)
        return found

    def events(self) -> Iterator[Event]:
        sample, stage = self.sample, self.sample.stage
        published = _PUBLISHED.get(stage)
        entered = _ENTERED[stage] if published is None else published - 9
        yield self._event(self._at(entered, 9, 20), self._enter)
        if stage in (Stage.INCOMPLETE, Stage.READY_FOR_KEYS):
            return
        ceremony = _CEREMONY[stage] if published is None else published - 4
        yield self._event(self._at(ceremony, 14, 5), self._hold_ceremony)
        # Where the rehearsal is awaited, the last custodian alone has done it; with a single one, nobody.
        holders = self.team.holders if stage is not Stage.REHEARSAL else self.team.holders[1:][-1:]
        for rank, holder in enumerate(holders):
            yield self._event(self._at(ceremony + 1, 10 + rank, 12), partial(self._rehearse, holder))
        if published is None:
            return
        yield self._event(self._at(published, 11, 0), self._publish)
        yield from self._visits(published)
        for bid in sorted(sample.bids, key=lambda one: one.before, reverse=True):
            stamp = self.deadline - bid.before - timedelta(microseconds=bid.before.seconds * 7 + 123_457)
            yield self._event(stamp, partial(self._deposit, bid, stamp))
        if stage is Stage.OPENED:
            yield self._event(self._at(_DEADLINE[stage] + 1, 14, 30), self._open)

    @property
    def deadline(self) -> datetime:
        """At noon in Paris, on a working day."""
        day = (self.now.astimezone(clock.PARIS) + timedelta(days=_DEADLINE[self.sample.stage])).date()
        step = timedelta(days=1 if day > self.now.astimezone(clock.PARIS).date() else -1)
        while day.weekday() > 4:
            day += step
        return datetime.combine(day, time(12), clock.PARIS)

    def _at(self, days: int, hour: int, minute: int) -> datetime:
        """That hour in Paris, on the working day at or before it, never before what precedes in the story."""
        day = (self.now.astimezone(clock.PARIS) + timedelta(days=days)).date()
        while day.weekday() > 4:
            day -= timedelta(days=1)
        at = datetime.combine(day, time(hour, minute), clock.PARIS)
        if self.last is not None and at <= self.last:
            at = self.last + timedelta(minutes=35)
        self.last = at
        return at

    def _event(self, at: datetime, act: Callable[[], UUID | None]) -> Event:
        return Event(at, self.team.house, act)

    def _enter(self) -> None:
        sample, actor = self.sample, self.team.buyer_id
        made = create_consultation(title=sample.title, nature=sample.nature, actor_id=actor)
        self.consultation_id = made.id
        fields: dict[str, object] = {"purpose": sample.purpose, "procedure": sample.procedure}
        if sample.stage is Stage.INCOMPLETE:
            save_draft(made.id, fields, actor_id=actor)
            return
        fields |= {
            "cpv": sample.cpv,
            "place_nuts": NUTS.get(self.team.house.department, ""),
            "place": self.team.house.name,
            "estimated_cents": sample.euros * 100,
            "duration_months": sample.months,
            "deadline": self.deadline,
            "questions_until": self.deadline - timedelta(days=10),
            "contact_name": self.team.buyer_name,
            "contact_email": self.team.buyer_email,
        }
        if sample.maximum is not None:
            fields |= {"framework": True, "framework_min_cents": 0, "framework_max_cents": sample.maximum * 100}
        lots = [LotInput(lot.title, lot.cpv, lot.euros * 100) for lot in sample.lots]
        criteria = [CriterionInput(label, percent * 100) for label, percent in sample.criteria]
        save_draft(made.id, fields, actor_id=actor, lots=lots, criteria=criteria)
        self._add_documents()

    def _add_documents(self) -> None:
        sample, author = self.sample, self.team.house.name
        kinds = (*(_OPEN if sample.procedure == "open" else _ADAPTED), *_ALWAYS)
        if sample.maximum is not None:
            kinds = (*kinds[:-1], ("unit_prices", "Bordereau des prix unitaires"))
        for kind, title in kinds:
            parts = (("Objet", sample.purpose), ("À noter", "Contenu réduit à l’essentiel pour la démonstration."))
            pdf = paper(title, author, sample.title, parts)
            add_document(
                self.consultation_id, BytesIO(pdf), f"{title}.pdf", len(pdf), actor_id=self.team.buyer_id, kind=kind,
                media_type="application/pdf",
            )  # fmt: skip

    def _hold_ceremony(self) -> None:
        hold_ceremony(self.consultation, self.team.holders[0].person_id, self.team.holders, self.team.k)

    def _rehearse(self, holder: Holder) -> None:
        rehearse_alone(self.consultation, holder)

    def _publish(self) -> None:
        publish_consultation(self.consultation_id, actor_id=self.team.buyer_id)

    def _visits(self, published: int) -> Iterator[Event]:
        """Downloads, known and anonymous, and an address to warn."""
        firms: Sequence[FirmView] = list(self.firms.values())
        for rank, firm in enumerate(firms):
            yield self._event(self._at(published + 1 + rank, 8 + 3 * rank, 17), partial(self._download, firm))
        yield self._event(self._at(published + 5, 16, 48), partial(self._download, None))

    def _download(self, firm: FirmView | None) -> None:
        consultation = self.consultation
        if firm is None:
            record_download(consultation, "Règlement de la consultation.pdf")
            return
        record_download(consultation, WHOLE, person_id=firm.person_id, company_id=firm.company.id)
        watch_consultation(consultation, firm.email, company_id=firm.company.id)

    def _deposit(self, bid: Bid, stamp: datetime) -> UUID:
        return deposit(self.consultation, self.firms[bid.firm], self.team.house, bid.lots, stamp, bid.price)

    def _open(self) -> None:
        chair, *others = self.team.holders
        witness = Present(self.team.buyer_name, "acheteur, sans voix délibérative")
        witnesses = [] if chair.person_id == self.team.buyer_id else [witness]
        hold_session(self.consultation, chair, [chair, *others][: max(self.team.k, 1)], witnesses)
