"""The orders of the demo's group, each at another stage today, and the invoices of its contractor."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from functools import partial
from uuid import UUID

from parvis.authorities.facade import AuthorityView
from parvis.kit import clock
from parvis.site.demo import cast
from parvis.site.demo.events import Event
from parvis.site.demo.invoices import Bill, BilledLine, bill_pdf
from parvis.site.demo.pooling_verbs import (
    AnswerKind,
    Delivery,
    NewEService,
    OrderContent,
    PriceLine,
    PurchaseOrder,
    accept_delivery,
    accept_joining,
    answer_order,
    draft_order,
    inform_group,
    issue_order,
    match_invoice,
    pay_order,
    receive_invoice,
)
from parvis.site.demo.sharing import CONTRACTOR, Sharing

Lines = tuple[tuple[str, int], ...]


@dataclass(slots=True)
class Orders:
    """`ids`: by a name of our own, once drafted."""

    sharing: Sharing
    ids: dict[str, UUID] = field(default_factory=dict)

    def events(self) -> Iterator[Event]:
        whole, city, partner = self.sharing.whole, self.sharing.where.city, self.sharing.where.partner
        at = self.sharing.at
        yearly = "Socle et hébergement de l’année"
        yield from self._announce("socle", whole, -56, yearly, (("BASE", 1), ("HEB", 1)), issued=-44)
        yield at(-38, whole, partial(self._deliver, "socle", whole))
        yield at(-30, whole, partial(self._bill, "socle", whole, match=True))
        yield at(-12, whole, partial(self._pay, "socle", -12))
        summer, joined = "Inscription aux activités d’été, en ligne", (partner, self.sharing.latecomer)
        yield from self._announce("ete", city, -52, summer, (("ACQ", 1), ("MNT", 1)), issued=-39, joined=joined)
        online = NewEService("activites-ete", "Activités d’été", "leisure")
        yield at(-20, city, partial(self._deliver, "ete", city, online))
        yield at(-9, city, partial(self._bill, "ete", city, match=False))
        school = "Adaptation des formulaires de l’école"
        yield from self._announce("adaptation", partner, -24, school, (("PROPRE", 1),), issued=-11)
        yield from self._announce("rdv", whole, -6, "Rendez-vous de titres d’identité", (("RDV", 1),))
        yield at(-4, city, partial(self._see, "rdv"))
        training = "Formation des agents d’accueil"
        yield at(-2, city, partial(self._draft, "formation", city, training, (("FORM", 2),)))

    def _announce(
        self,
        name: str,
        house: AuthorityView,
        days: int,
        title: str,
        lines: Lines,
        *,
        issued: int | None = None,
        joined: tuple[AuthorityView, ...] = (),
    ) -> Iterator[Event]:
        """Drafted and announced that day; `joined`: who shares it; issued later, or still announced."""
        at = self.sharing.at
        yield at(days, house, partial(self._draft, name, house, title, lines))
        yield at(days, house, partial(self._inform, name, house), minutes=30)
        for rank, other in enumerate(joined):
            yield at(days + 2 + rank, other, partial(self._join, name))
            yield at(days + 5 + rank, house, partial(self._share, name, house, other))
        if issued is not None:
            yield at(issued, house, partial(self._issue, name, house), minutes=90)

    def _draft(self, name: str, house: AuthorityView, title: str, lines: Lines) -> None:
        prices = {one.code: one.id for one in PriceLine.objects.filter(framework_id=self.sharing.framework_id)}
        content = OrderContent(
            title=title,
            lines=tuple((prices[code], quantity * 100) for code, quantity in lines),
            deliver_to=house.address or house.name,
            deliver_by=self.sharing.day(20),
            commitment=f"E{self.sharing.now.year}-{name[:4].upper()}",
            service_code="MUTU",
        )
        self.ids[name] = draft_order(self.sharing.framework_id, content, actor_id=self.sharing.who(house)).id

    def _inform(self, name: str, house: AuthorityView) -> None:
        inform_group(self.ids[name], actor_id=self.sharing.who(house))

    def _see(self, name: str) -> None:
        answer_order(self.ids[name], AnswerKind.SEEN, actor_id=self.sharing.agents[cast.REFERENT])

    def _join(self, name: str) -> None:
        answer_order(self.ids[name], AnswerKind.JOIN)

    def _share(self, name: str, house: AuthorityView, other: AuthorityView) -> None:
        accept_joining(self.ids[name], other.id, actor_id=self.sharing.who(house))

    def _issue(self, name: str, house: AuthorityView) -> None:
        late, order = self.sharing.latecomer, self._order(name)
        shares = order.parties.filter(member_id=late.id).exists()
        why = f"{late.name} était annoncée dans le règlement de la consultation." if shares else ""
        issue_order(order.id, signatory=self.sharing.signatory(house), reason=why, actor_id=self.sharing.who(house))

    def _deliver(self, name: str, house: AuthorityView, online: NewEService | None = None) -> None:
        day, report = clock.now().astimezone(clock.PARIS).date(), "Conforme, essayé avec deux agents d’accueil."
        done = Delivery(delivered_on=day, report=report, serves_from=day if online else None, new_eservice=online)
        accept_delivery(self.ids[name], done, actor_id=self.sharing.who(house))

    def _bill(self, name: str, house: AuthorityView, *, match: bool) -> None:
        """The contractor's invoice is deposited, and matched or left for the demo's visitor."""
        order, day = self._order(name), clock.now().astimezone(clock.PARIS).date()
        lines = order.lines.select_related("price")
        bill = Bill(
            number=f"F{day:%Y%m}-{order.number[-4:]}",
            delivered_on=order.delivered_on or day,
            issued_on=day,
            due_on=day + timedelta(days=30),
            firm=CONTRACTOR,
            buyer_name=house.name,
            buyer_siret=house.siret,
            lines=tuple(
                BilledLine(
                    one.label, Decimal(one.quantity_hundredths) / 100, one.unit_cents, one.vat_rate, one.price.code
                )
                for one in lines
            ),
            commitment_number=order.commitment,
            framework_reference=order.framework.reference,
            service_code=order.service_code,
        )
        who, file_name = self.sharing.who(house), f"{bill.number}.pdf"
        row = receive_invoice(self.sharing.group_id, bill_pdf(bill), file_name, order_id=order.id, actor_id=who)
        if match:
            match_invoice(row.id, order.id, actor_id=who)

    def _pay(self, name: str, days: int) -> None:
        day, who = self.sharing.day(days), self.sharing.coordinator_id
        pay_order(self.ids[name], paid_on=day, reference="Mandat 1204", actor_id=who)

    def _order(self, name: str) -> PurchaseOrder:
        found: PurchaseOrder = PurchaseOrder.objects.select_related("framework").get(id=self.ids[name])
        return found
