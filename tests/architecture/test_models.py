"""Tables: whose rows they are, what they may point at, and the French sentence of each constraint."""

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db.models import PROTECT, CheckConstraint, Field, ForeignKey, ForeignObjectRel, Model, UniqueConstraint
from django.db.models.constraints import BaseConstraint
from django.test.utils import isolate_apps

from parvis.authorities.models import Authority
from parvis.kit import row_security
from parvis.kit.models import GlobalModel, PublishedModel, ScopedModel, SharedModel
from tests.architecture.house import floors

# Tables that every authority's pages may read -> why. Whoever adds a line answers for it in review.
GLOBAL = {
    "accounts.AttemptCount": "failed sign-ins are counted before anyone is known; keys are digests",
    "accounts.CachedValue": "the table of Django's cache",
    "accounts.Company": "one company, known by its SIRET, answers many authorities",
    "accounts.CompanyInvitation": "belongs to a company, which belongs to no authority",
    "accounts.CompanyMember": "belongs to a company, which belongs to no authority",
    "accounts.Person": "one account across all authorities",
    "appointments.ApplicationPointer": "keyed digests lead to a booking across authorities; the number stays with it",
    "audit.Checkpoint": "signed heads of the one register of the platform, public by design",
    "audit.LogNode": "hashes of the one register, public by design",
    "audit.LogPosition": "places of leaves in the one register; a leaf names nobody",
    "audit.PendingLeaf": "leaves of all authorities wait for their place in the one register",
    "audit.LogLeaf": "the public side of a fact: names nobody",
    "authorities.Authority": "the authorities themselves",
    "authorities.RoleGrant": "a person chooses among their roles in all authorities",
    "notifications.Message": "account mails belong to no authority; desks filter by authority_id",
    "procurement.Participation": "a company finds its submissions across authorities; says nothing of content",
    "procurement.PublishedConsultation": "what is public, for the lists and searches of all authorities",
}

# Constraints that no person can meet on a page -> what guards them before; all others speak French.
SILENT = {
    "one_node_per_place_in_the_tree": "written by the anchoring of leaves alone, one at a time",
    "one_participation_per_company": "written by get_or_create in the seal",
    "one_submission_per_number": "numbers come from DepositCounter, held for update",
    "one_pointer_per_number_and_booking": "written by get_or_create when a booking is confirmed",
    "one_release_per_session_key": "the service refuses a second release with its own sentence",
}


def project_models() -> list[type[Model]]:
    return [m for m in apps.get_models(include_auto_created=True) if m.__module__.startswith("parvis.")]


def room_of(model: type[Model]) -> str:
    return model.__module__.split(".")[1]


def relations(model: type[Model]) -> list["Field[object, object]"]:
    """Foreign keys, one-to-one and many-to-many fields that the model itself declares."""
    local = (*model._meta.local_fields, *model._meta.local_many_to_many)
    return [f for f in local if f.is_relation and f.related_model]


def label(model: type[Model], name: str) -> str:
    return f"{model._meta.label}.{name}"


def constraints() -> list[tuple[type[Model], BaseConstraint]]:
    return [(model, one) for model in project_models() for one in model._meta.constraints]


def unscoped() -> set[str]:
    """Neither a tenant's rows, nor rows that only their authority may write."""
    return {m._meta.label for m in project_models() if not issubclass(m, ScopedModel | PublishedModel | SharedModel)}


def pointing_up(models: list[type[Model]]) -> list[str]:
    """Relations to a room that is not below, or to a library's table."""
    heights, found = floors(), []
    for model in models:
        for field in relations(model):
            target = field.related_model
            assert isinstance(target, type), f"{label(model, field.name)}: the target {target} was never resolved"
            if not target.__module__.startswith("parvis."):
                found.append(f"{label(model, field.name)} -> {target.__module__}")
            elif room_of(target) != room_of(model) and heights[room_of(target)] >= heights[room_of(model)]:
                found.append(f"{label(model, field.name)} -> {target._meta.label}")
    return found


def named_across_rooms(models: list[type[Model]]) -> list[str]:
    """`person.role_grants` would let a lower room read a room above it."""
    found = []
    for model in models:
        for field in relations(model):
            rel, target = field.remote_field, field.related_model
            assert isinstance(rel, ForeignObjectRel)
            assert isinstance(target, type)
            if room_of(target) != room_of(model) and not rel.hidden:
                found.append(label(model, field.name))
    return found


def test_foreign_keys_point_down_only() -> None:
    assert pointing_up(project_models()) == []


def test_no_reverse_name_across_rooms() -> None:
    assert named_across_rooms(project_models()) == []


@isolate_apps("parvis.audit", "parvis.procurement")
def test_both_checks_catch_what_they_are_for() -> None:
    class Upwards(GlobalModel):
        __module__ = "parvis.audit.models"
        authority = ForeignKey(Authority, on_delete=PROTECT, related_name="+")
        session = ForeignKey(Session, on_delete=PROTECT, related_name="+")

        class Meta:
            app_label = "audit"

    class Downwards(GlobalModel):
        __module__ = "parvis.procurement.models"
        quiet = ForeignKey(Authority, on_delete=PROTECT, related_name="+")
        loud = ForeignKey(Authority, on_delete=PROTECT, related_name="tenders")

        class Meta:
            app_label = "procurement"

    assert len(pointing_up([Upwards, Downwards])) == 2
    assert named_across_rooms([Upwards, Downwards]) == ["procurement.Downwards.loud"]


def test_no_generic_relation() -> None:
    """A generic key points anywhere: the database could not keep its promise."""
    found = [m._meta.label for m in project_models() for f in m._meta.private_fields if f.is_relation]
    assert found == []


def test_every_table_belongs_to_an_authority_or_is_listed() -> None:
    assert unscoped() - set(GLOBAL) == set(), "scope it, or say here why all authorities may read it"


def test_no_listed_table_is_gone_or_scoped() -> None:
    assert set(GLOBAL) - unscoped() == set()


def test_scoped_means_scoped_everywhere() -> None:
    """The mark that gives a table its policy and the manager that filters it come together."""
    for model in project_models():
        assert issubclass(model, ScopedModel) == (model in row_security.scoped_models()), model._meta.label
        if issubclass(model, ScopedModel):
            assert model._meta.base_manager_name == "objects", (
                f"{model._meta.label}: Meta must inherit ScopedModel.Meta"
            )
            assert model._meta.default_manager is not None
            assert type(model._meta.default_manager).__name__ == "ScopedManager", model._meta.label
            assert not model._meta.get_field("authority_id").null


def test_shared_means_shared_everywhere() -> None:
    """The mark that lets a circle read comes with the manager that asks for a scope and a circle that is never null."""
    for model in project_models():
        assert issubclass(model, SharedModel) == (model in row_security.shared_models()), model._meta.label
        if issubclass(model, SharedModel):
            assert model._meta.base_manager_name == "objects", f"{model._meta.label}: Meta inherits SharedModel.Meta"
            assert type(model._meta.default_manager).__name__ == "SharedManager", model._meta.label
            assert not model._meta.get_field("authority_id").null
            assert not model._meta.get_field("circle_id").null


def test_published_tables_carry_no_person() -> None:
    """What everybody reads names nobody: no relation to a person or a booking, no text of theirs."""
    telling = {"email", "phone", "first_name", "last_name", "contact_name", "application_id"}
    own_desk = {"appointments.Place.email", "appointments.Place.phone"}
    found = {
        label(m, f.name) for m in row_security.published_models() for f in m._meta.local_fields if f.name in telling
    }
    assert found == own_desk
    assert {m.__name__ for m in row_security.published_models()} & {"Booking", "BookedPerson"} == set()


def test_no_scoped_table_hangs_on_a_global_one_by_cascade() -> None:
    """Deleting a person or a company never empties an authority's files."""
    found = []
    for model in row_security.scoped_models():
        for field in relations(model):
            target = field.related_model
            on_delete = getattr(field.remote_field, "on_delete", None)
            if isinstance(target, type) and not issubclass(target, ScopedModel) and on_delete.__name__ == "CASCADE":
                found.append(label(model, field.name))
    assert found == []


def test_identifiers_cannot_be_guessed() -> None:
    """UUIDv7 everywhere: under row security a unique index would tell of another authority's keys."""
    natural = {
        "accounts.AttemptCount",
        "accounts.CachedValue",
        "audit.Checkpoint",
        "audit.LogNode",
        "audit.LogPosition",
    }
    found = {
        m._meta.label
        for m in project_models()
        if m._meta.pk and m._meta.pk.get_internal_type() not in {"UUIDField", "OneToOneField"}
    }
    assert found - natural == set()


def test_every_constraint_speaks_french() -> None:
    mute = [
        one.name
        for _, one in constraints()
        if str(one.violation_error_message) == str(type(one).default_violation_error_message) and one.name not in SILENT
    ]
    assert mute == []


def test_a_silent_constraint_is_still_there() -> None:
    names = {
        one.name
        for _, one in constraints()
        if str(one.violation_error_message) == str(type(one).default_violation_error_message)
    }
    assert set(SILENT) - names == set()


def test_a_constraint_has_a_name_of_its_own() -> None:
    names = [one.name for _, one in constraints()]
    assert len(names) == len(set(names))
    assert len(names) > 10
    assert all(isinstance(one, CheckConstraint | UniqueConstraint) or one.name for _, one in constraints())


def test_a_french_sentence_ends_and_has_its_spaces() -> None:
    wrong = []
    for _, one in constraints():
        text = str(one.violation_error_message)
        if one.name not in SILENT and (
            not text[0].isupper() or text[-1] not in ".!?" or any(f" {s}" in text for s in ";:!?") or "'" in text
        ):
            wrong.append(f"{one.name}: {text}")
    assert wrong == []


@pytest.mark.parametrize("model", row_security.append_only_models(), ids=lambda m: m._meta.label)
def test_what_is_never_edited_has_no_field_that_edits_itself(model: type[Model]) -> None:
    assert [f.name for f in model._meta.local_fields if getattr(f, "auto_now", False)] == []
