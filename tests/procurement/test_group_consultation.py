"""A consultation of several authorities: opened with their needs, its group fixed by the publication, and public."""

from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse

from parvis.audit import facade as audit
from parvis.authorities.models import Authority
from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.kit.ids import new_id
from parvis.procurement import facade
from parvis.procurement.facade import Filters, GroupBuyer, LotView
from parvis.procurement.models import Consultation, Lot
from parvis.procurement.services.publish_consultation import publish_consultation
from parvis.procurement.services.save_draft import CriterionInput, save_draft
from tests.procurement.draft_world import DOCUMENTS, a_document, noon_in, with_keys
from tests.world import an_agent, an_authority, signed_in

pytestmark = pytest.mark.django_db


class Group:
    """An agglomeration and two communes that buy together."""

    def __init__(self) -> None:
        self.leader = an_authority("grande-vallee", kind="agglomeration")
        self.members = [an_authority("illbach"), an_authority("lutterwald")]
        self.buyer = an_agent(self.leader, "buyer")
        self.id = new_id()

    def buyers(self, *members: Authority) -> list[GroupBuyer]:
        return [
            GroupBuyer(self.leader.id, "leader"),
            *(GroupBuyer(one.id, "member") for one in members or self.members),
        ]

    def opened(self, **instead: Any) -> UUID:
        values: dict[str, Any] = {
            "title": "Téléservices aux habitants", "purpose": "Acquisition, hébergement et maintenance.",
            "cpv": "72260000", "nature": "services", "framework_min_cents": 10_000_000,
            "framework_max_cents": 160_000_000, "duration_months": 48, "estimated_cents": 120_000_000,
            "lots": [LotView(2, "Hébergement"), LotView(1, "Logiciel", "48000000", 90_000_000)],
            "buyers": self.buyers(), "group_id": self.id, "actor_id": self.buyer.id,
        }  # fmt: skip
        with scope.authority(self.leader.id):
            return facade.open_group_consultation(**{**values, **instead})

    def completed(self) -> UUID:
        """The draft as the buyer goes on with it, ready to publish."""
        made = self.opened(lots=[])
        with scope.authority(self.leader.id):
            fields = {
                "procedure": "open", "place_nuts": "FRF12", "deadline": noon_in(40),
                "contact_name": "Service des marchés", "contact_email": "marches@exemple.test",
            }  # fmt: skip
            save_draft(made, fields, actor_id=self.buyer.id, criteria=[CriterionInput("Prix", 10_000)])
            found = Consultation.objects.get(id=made)
            for name in DOCUMENTS:
                a_document(found, self.buyer.id, name)
            with_keys(found, self.buyer.id)
        return made

    def published(self) -> UUID:
        made = self.completed()
        with scope.authority(self.leader.id):
            publish_consultation(made, actor_id=self.buyer.id)
        return made

    def page(self, name: str, consultation: UUID) -> str:
        client = signed_in(self.buyer, self.leader, "buyer")
        answer = client.get(reverse(name, args=[self.leader.slug, consultation]))
        assert answer.status_code == 200
        return answer.content.decode()

    def list_page(self) -> str:
        return signed_in(self.buyer).get(reverse("all_consultations")).content.decode()


@pytest.fixture
def group() -> Group:
    return Group()


def test_it_opens_as_a_draft_filled_with_the_needs(group: Group) -> None:
    made = group.opened()
    with scope.authority(group.leader.id):
        found = Consultation.objects.get(id=made)
        assert (found.state, found.framework, found.group_id, found.duration_months) == ("draft", True, group.id, 48)
        assert (found.framework_min_cents, found.framework_max_cents) == (10_000_000, 160_000_000)
        lots = Lot.objects.filter(consultation=found).values_list("number", "title", "cpv", "estimated_cents")
        assert list(lots) == [(1, "Logiciel", "48000000", 90_000_000), (2, "Hébergement", "", None)]
        [fact] = [one for one in audit.facts([made]) if one.kind == "consultation.group_set"]
    assert [one["name"] for one in fact.data["buyers"]] == ["Grande Vallee", "Illbach", "Lutterwald"]
    assert (fact.actor_id, fact.data["group"]) == (group.buyer.id, str(group.id))


@pytest.mark.parametrize(
    ("roles", "code"),
    [
        pytest.param([(0, "leader")], "alone", id="leader-alone"),
        pytest.param([(1, "leader"), (0, "member")], "leader", id="another-leads"),
        pytest.param([(0, "member"), (1, "member")], "leader", id="nobody-leads"),
        pytest.param([(0, "leader"), (1, "leader")], "leader", id="two-lead"),
        pytest.param([(0, "leader"), (1, "member"), (1, "member")], "twice", id="one-twice"),
        pytest.param([(0, "leader"), (None, "member")], "unknown_authority", id="unknown"),
    ],
)
def test_a_group_that_cannot_be_leaves_no_draft(group: Group, roles: list[tuple[int | None, Any]], code: str) -> None:
    ids = [group.leader.id, group.members[0].id]
    buyers = [GroupBuyer(new_id() if rank is None else ids[rank], role) for rank, role in roles]
    with pytest.raises(Refusal) as refusal:
        group.opened(buyers=buyers)
    assert refusal.value.code == code
    with scope.authority(group.leader.id):
        assert Consultation.objects.count() == 0


def test_the_group_changes_until_the_publication_and_never_after(group: Group) -> None:
    made = group.completed()
    with scope.authority(group.leader.id):
        facade.set_group_buyers(made, group.buyers(group.members[1]), actor_id=group.buyer.id)
        publish_consultation(made, actor_id=group.buyer.id)
        with pytest.raises(Refusal, match="ne change plus") as refusal:
            facade.set_group_buyers(made, group.buyers(), actor_id=group.buyer.id)
        assert refusal.value.code == "published"
    page = group.page("consultation", made)
    assert "Lutterwald" in page
    assert "Illbach" not in page


def test_the_public_page_and_the_file_name_leader_and_members(group: Group) -> None:
    made = group.completed()
    words = "coordonnateur\u202f: Grande Vallee\u202f; membres\u202f: Illbach et Lutterwald"
    assert words in group.page("desk_consultation", made)
    assert words in group.page("publish_consultation", made), "said before publishing"
    with scope.authority(group.leader.id):
        publish_consultation(made, actor_id=group.buyer.id)
    page = group.page("consultation", made)
    assert "Groupement de commandes" in page
    assert words in page


def test_a_buyer_alone_is_no_group(group: Group) -> None:
    with scope.authority(group.leader.id):
        found = Consultation.objects.get(id=group.opened())
        found.buyers.all().delete()
    assert "coordonnateur" not in group.page("desk_consultation", found.id)


def test_lists_feeds_and_search_know_the_members(group: Group) -> None:
    made = group.published()
    [line] = facade.search_published(Filters(text="lutterwald")).lines
    assert (line.id, line.buyers) == (made, ("Grande Vallee", "Illbach", "Lutterwald"))
    feed = signed_in(group.buyer).get(reverse("all_consultations_feed")).content.decode()
    assert "Groupement de commandes" in feed
    assert "Illbach et Lutterwald" in feed
    assert "groupement de 3\u00a0collectivités" in group.list_page()


def test_members_see_the_line_once_it_is_public(group: Group) -> None:
    made = group.completed()
    with scope.authority(group.members[0].id):
        assert facade.consultation_line(made) is None
        assert facade.group_consultations(group.id) == []
    with scope.authority(group.leader.id):
        [draft] = facade.group_consultations(group.id)
        assert (draft.state_label, draft.public_url) == ("En préparation", "")
        publish_consultation(made, actor_id=group.buyer.id)
    with scope.authority(group.members[0].id):
        [line] = facade.group_consultations(group.id)
    assert facade.consultation_line(made) == line
    assert (line.state_label, line.group_id, line.authority_slug) == ("En cours", group.id, "grande-vallee")
    assert reverse(line.public_url, args=[line.authority_slug, line.id]).endswith(f"{made}/")
