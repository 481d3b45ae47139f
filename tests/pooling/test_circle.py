"""What a circle shares: its seats read, its owner writes, nobody else sees that it exists."""

import pytest
from django.db import ProgrammingError, connection, transaction

from parvis.kit import scope
from parvis.kit.scope import NoAuthorityInScope
from parvis.pooling.models import FrameworkAgreement, JointProcurement
from tests.pooling.pooling_world import a_framework, a_group, houses
from tests.world import an_authority

pytestmark = pytest.mark.django_db


def test_members_read_what_the_coordinator_wrote() -> None:
    circle = a_group(houses(2))
    with scope.authority(circle.member.id):
        assert JointProcurement.objects.get().name == circle.group.name


def test_another_authority_sees_nothing() -> None:
    a_group(houses(2))
    stranger = an_authority("autre-rive")
    with scope.authority(stranger.id):
        assert not JointProcurement.objects.exists()


def test_a_member_does_not_write_the_coordinators_rows() -> None:
    circle = a_group(houses(2))
    framework = a_framework(circle)
    with scope.authority(circle.member.id):
        assert FrameworkAgreement.objects.filter(id=framework.id).update(max_cents=1) == 0
        assert FrameworkAgreement.objects.filter(id=framework.id).delete()[0] == 0
    with scope.authority(circle.coordinator.id):
        assert FrameworkAgreement.objects.get().max_cents == framework.max_cents


def test_nobody_writes_in_anothers_name() -> None:
    circle = a_group(houses(2))
    with scope.authority(circle.member.id), pytest.raises(ProgrammingError), transaction.atomic():
        JointProcurement.objects.create(
            authority_id=circle.coordinator.id, circle_id=circle.group.id, name="Autre", purpose="Autre"
        )


def test_without_scope_nothing_is_read() -> None:
    a_group(houses(2))
    with pytest.raises(NoAuthorityInScope):
        JointProcurement.objects.count()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pooling_jointprocurement")
        assert cursor.fetchone() == (0,)
