"""Who to sign in as, printed when the demo is ready."""

from django.conf import settings
from django.urls import reverse

from parvis.authorities.facade import Role
from parvis.site.demo import cast
from parvis.site.demo.cast import Agent
from parvis.site.demo.people import Seats, agent_email, employee_email

_DOES = {
    Role.OPERATOR: "exploite la plateforme",
    Role.ADMINISTRATOR: "administre",
    Role.BUYER: "achète",
    Role.BOARD_CHAIR: "préside la commission d’appel d’offres",
    Role.BOARD_DELEGATE: "supplée le président de la commission",
    Role.BOARD_MEMBER: "siège à la commission",
    Role.OBSERVER: "observe",
    Role.DESK_MANAGER: "dirige l’accueil et règle les agendas",
    Role.DESK_AGENT: "reçoit au guichet",
    Role.COORDINATOR: "coordonne la mutualisation",
    Role.REFERENT: "suit la mutualisation et commande",
    Role.FINANCE_AGENT: "suit les factures et les relevés",
}


def who_signs_in(where: Seats) -> str:
    """Lines of text: e-mail, what the person is, then the custodians' phrases."""
    people = [(agent_email(agent, where), _roles(agent, where)) for agent in cast.AGENTS]
    head = agent_email(cast.RECEPTION_HEAD, where)
    people = [
        (email, f"{does}, et dans les autres mairies où l’on prend rendez-vous" if email == head else does)
        for email, does in people
    ]
    people += [
        (employee_email(one, firm.domain), f"entreprise {firm.name}") for firm in cast.FIRMS for one in firm.people
    ]
    people.append((employee_email(cast.CITIZEN, cast.CITIZEN_DOMAIN), "usager, sans entreprise"))
    width = max(len(email) for email, _role in people)
    lines = [
        f"Personnes inventées. Mot de passe de chacune : {cast.PASSWORD}",
        f"Code à six chiffres des agents et courriels reçus : {_url('mailbox')}",
        "",
        *(f"  {email:<{width}}  {role}" for email, role in people),
        "",
        "Phrases secrètes des clés, pour ouvrir les plis (deux suffisent à "
        + where.city.name
        + ", une seule ailleurs) :",
        *(f"  {agent_email(agent, where):<{width}}  {agent.phrase}" for agent in cast.AGENTS if agent.phrase),
        "",
        *_appointments(where),
    ]
    return "\n".join(lines)


def _appointments(where: Seats) -> list[str]:
    """Where to book, and how the national search calls this platform."""
    _name, header, token = settings.ANTS_HUBS[0]
    rows = (
        ("Chercher un créneau dans toutes les mairies", _url("find_appointment")),
        ("L’accueil du jour, " + where.city.name, _url("reception", where.city.slug)),
        ("Numéros de pré-demande valables", "SOLOCAL001, SOLOCAL002, SOLOCAL003"),
        ("Les autres numéros, et les pannes à jouer", _url("local_coordination")),
        ("Recherche nationale, adresse de base", _url("hub_meeting_points").rpartition("/")[0]),
        ("Recherche nationale, en-tête et jeton", f"{header}: {token}"),
    )
    width = max(len(what) for what, _value in rows)
    return ["Rendez-vous :", *(f"  {what:<{width}}  {value}" for what, value in rows)]


def _url(name: str, *args: str) -> str:
    return f"{settings.PUBLIC_URL}{reverse(name, args=args)}"


def _roles(agent: Agent, where: Seats) -> str:
    by_place: dict[str, list[str]] = {}
    for seat, role in agent.hats:
        by_place.setdefault(where.at(seat).name, []).append(_DOES[role])
    return " ; ".join(f"{place} : {', '.join(roles)}" for place, roles in by_place.items())
