import hashlib
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from uuid import UUID

from django.db.models import Q

from parvis.authorities.contracts import AuthorityView, GrantView, Hat
from parvis.authorities.models import Authority, RoleGrant
from parvis.authorities.rules import (
    AuthorityKind,
    ProcurementAccess,
    Role,
    observes_alsace_moselle_holidays,
    procurement_access,
)
from parvis.kit import clock
from parvis.kit.coat import coat_svg
from parvis.kit.theme import theme_css


def view(a: Authority) -> AuthorityView:
    return AuthorityView(
        id=a.id, slug=a.slug, name=a.name, kind=a.kind, kind_label=AuthorityKind(a.kind).label, siren=a.siren,
        siret=a.siret, department=a.department, population=a.population, accent=a.accent, logo=a.logo,
        host_name=a.host_name, good_friday=a.good_friday, local_holidays=observes_alsace_moselle_holidays(a.department),
        address=a.address, postcode=a.postcode, desk_name=a.desk_name, desk_hours=a.desk_hours,
        desk_contact=a.desk_contact, latitude=a.latitude, longitude=a.longitude,
        procurement_from=a.procurement_from, procurement_until=a.procurement_until,
    )  # fmt: skip


def authority_by_slug(slug: str) -> AuthorityView | None:
    found = Authority.objects.filter(slug=slug).first()
    return view(found) if found else None


def authority_by_host(host: str) -> AuthorityView | None:
    found = Authority.objects.filter(host_name=host).first() if host else None
    return view(found) if found else None


def authority(authority_id: UUID) -> AuthorityView:
    return view(Authority.objects.get(id=authority_id))


def authorities(ids: Iterable[UUID] | None = None) -> list[AuthorityView]:
    found = Authority.objects.all() if ids is None else Authority.objects.filter(id__in=list(ids))
    return [view(a) for a in found.order_by("kind", "name")]


def agglomeration() -> AuthorityView | None:
    found = Authority.objects.filter(kind=AuthorityKind.AGGLOMERATION.value).first()
    return view(found) if found else None


def look_mark(content: str) -> str:
    """Short digest of a stylesheet or a coat, for `?v=` and ETag: browsers then keep it for a year."""
    return hashlib.sha256(content.encode()).hexdigest()[:16]


@lru_cache(maxsize=256)
def _look_marks(name: str, accent: str, logo: str) -> tuple[str, str]:
    return look_mark(theme_css(accent)), look_mark(logo or coat_svg(name, accent))


def look_marks(one: AuthorityView) -> tuple[str, str]:
    """Marks of the stylesheet and of the coat of an authority, as they are now."""
    return _look_marks(one.name, one.accent, one.logo)


def today() -> date:
    return clock.now().astimezone(clock.PARIS).date()


def _in_force() -> Q:
    day = today()
    return Q(valid_from__lte=day) & (Q(valid_until__isnull=True) | Q(valid_until__gte=day))


def hats_of(person_id: UUID) -> list[Hat]:
    """The roles in force today in Paris, by authority then role."""
    grants = RoleGrant.objects.filter(_in_force(), person_id=person_id).select_related("authority")
    return [_hat(g) for g in grants.order_by("authority__kind", "authority__name", "role")]


def people_with(permission_roles: Iterable[Role], authority_id: UUID) -> list[Hat]:
    """Who holds one of these roles in an authority today."""
    grants = RoleGrant.objects.filter(
        _in_force(), authority_id=authority_id, role__in=[r.value for r in permission_roles]
    )
    return [_hat(g) for g in grants.select_related("authority").order_by("person__full_name")]


def access_on(house: Authority | AuthorityView, day: date) -> ProcurementAccess:
    return procurement_access(house.kind, house.procurement_from, house.procurement_until, day)


def _hat(grant: RoleGrant) -> Hat:
    house = grant.authority
    return Hat(
        person_id=grant.person_id,
        authority_id=house.id,
        authority_slug=house.slug,
        authority_name=house.name,
        role=grant.role,
        role_label=Role(grant.role).label,
        procurement_open=access_on(house, today()) is ProcurementAccess.OPEN,
    )


def grants_of(authority_id: UUID) -> list[GrantView]:
    """Every role ever given there, by name then date."""
    found = RoleGrant.objects.filter(authority_id=authority_id).select_related("person")
    return [_grant(g) for g in found.order_by("person__full_name", "role", "valid_from")]


def _grant(grant: RoleGrant) -> GrantView:
    day = today()
    past = grant.valid_until is not None and grant.valid_until < day
    return GrantView(
        id=grant.id,
        person_id=grant.person_id,
        full_name=grant.person.full_name,
        email=grant.person.email,
        role=grant.role,
        role_label=Role(grant.role).label,
        valid_from=grant.valid_from,
        valid_until=grant.valid_until,
        state="past" if past else "future" if grant.valid_from > day else "current",
    )
