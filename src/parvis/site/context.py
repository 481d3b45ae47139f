"""What the roof of every page needs, made once per request from whoever's house it is and whoever came in."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from parvis.accounts.facade import people
from parvis.authorities.facade import AuthorityView, Role, actor_of, agglomeration, look_marks, people_with
from parvis.kit import clock

Link = tuple[str, str, bool]


@dataclass(frozen=True, slots=True)
class PagePerson:
    full_name: str
    hat_label: str | None


@dataclass(frozen=True, slots=True)
class Page:
    authority: AuthorityView | None
    platform_name: str
    theme_url: str
    coat_url: str
    home_url: str
    nav: tuple[Link, ...]
    breadcrumb: tuple[tuple[str, str | None], ...]
    person: PagePerson | None
    sign_in_url: str
    account_url: str
    sign_out_url: str
    help_name: str
    help_hours: str
    help_contact: str
    now_iso: str
    demo: bool
    mailbox_url: str


def page(request: HttpRequest) -> dict[str, Any]:
    house: AuthorityView | None = getattr(request, "authority", None) or getattr(request, "host_authority", None)
    whole = agglomeration()
    shown = house or whole
    actor = getattr(request, "actor", None) or (actor_of(request) if hasattr(request, "session") else None)
    hat = f"{actor.hat.role_label}, {actor.hat.authority_name}" if actor and actor.hat else None
    if actor and not actor.hat and actor.company:
        hat = actor.company.name
    slug = shown.slug if shown else ""
    help_name, help_hours, help_contact = _help(shown, actor)
    theme_mark, coat_mark = look_marks(shown) if shown else ("", "")
    return {
        "page": Page(
            authority=shown,
            platform_name=f"Parvis {whole.of_name}" if whole else "Parvis",
            theme_url=f"{reverse('theme', args=[slug])}?v={theme_mark}" if slug else "",
            coat_url=f"{reverse('coat', args=[slug])}?v={coat_mark}" if slug else "",
            home_url=reverse("authority_home", args=[slug]) if house else "/",
            nav=tuple(_nav(request, house, actor)),
            breadcrumb=(),
            person=PagePerson(actor.full_name, hat) if actor else None,
            sign_in_url=reverse("account_login"),
            account_url=reverse("my_account"),
            sign_out_url=reverse("account_logout"),
            help_name=help_name,
            help_hours=help_hours,
            help_contact=help_contact,
            now_iso=clock.now().isoformat(),
            demo=settings.LOCAL,
            mailbox_url=reverse("mailbox") if settings.LOCAL else "",
        )
    }


def _help(shown: AuthorityView | None, actor: Any) -> tuple[str, str, str]:
    """Whom to ask: (who, when or as what, how). An agent of the reception asks who runs it, by name."""
    if shown is None:
        return "", "", ""
    if actor and actor.hat and actor.hat.role in {Role.DESK_AGENT.value, Role.DESK_MANAGER.value}:
        managers = people_with((Role.DESK_MANAGER,), actor.hat.authority_id)
        names = people({one.person_id for one in managers} - {actor.person_id})
        if names:
            who = ", ".join(sorted(person.full_name for person in names.values()))
            return who, Role.DESK_MANAGER.label.lower(), ""
        administrator = _("L’administrateur %(of)s") % {"of": shown.of_name}
        return administrator, _("donne les rôles et règle les agendas avec vous"), ""
    return shown.desk_name, shown.desk_hours, shown.desk_contact


def _desk_links() -> tuple[tuple[str, str, str], ...]:
    return (
        ("reception", "reception.serve", _("Guichets")),
        ("reception_figures", "reception.figures", _("Chiffres")),
        ("agendas", "agendas.manage", _("Agendas")),
        ("desk", "consultation.read", _("Mon bureau")),
        ("pooling", "pooling.read", _("Mutualisation")),
        ("my_key", "keys.hold", _("Ma clé")),
        ("agents", "agents.manage", _("Agents")),
        ("branding", "branding.edit", _("Identité")),
    )


def _nav(request: HttpRequest, house: AuthorityView | None, actor: Any) -> list[Link]:
    links = [(_("Accueil"), reverse("authority_home", args=[house.slug]) if house else "/")]
    slug = [house.slug] if house else []
    links.append((_("Rendez-vous"), reverse("appointments" if house else "find_appointment", args=slug)))
    links.append((_("Marchés publics"), reverse("consultations" if house else "all_consultations", args=slug)))
    if actor and actor.hat:
        if actor.hat.role == "operator":
            links.append((_("Exploitation"), reverse("operator_home")))
        else:
            may, where = actor.may, actor.hat
            links.extend(
                (label, reverse(name, args=[where.authority_slug]))
                for name, permission, label in _desk_links()
                if may(permission, where.authority_id)
            )
    if actor and actor.companies:
        links.append((_("Mes plis"), reverse("my_submissions")))
    here = max((url for _label, url in links if _stands_in(request.path, url)), key=len, default="")
    return [(label, url, url == here) for label, url in links]


def _stands_in(path: str, url: str) -> bool:
    """Whether a link leads to this page or to the part of the site that holds it; a home page holds only itself."""
    return path == url or (url.count("/") > 2 and path.startswith(url))
