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
}


def who_signs_in(where: Seats) -> str:
    """Lines of text: e-mail, what the person is, then the custodians' phrases."""
    people = [(agent_email(agent, where), _roles(agent, where)) for agent in cast.AGENTS]
    people += [
        (employee_email(one, firm.domain), f"entreprise {firm.name}") for firm in cast.FIRMS for one in firm.people
    ]
    people.append((employee_email(cast.CITIZEN, cast.CITIZEN_DOMAIN), "usager, sans entreprise"))
    width = max(len(email) for email, _role in people)
    mailbox = f"{settings.PUBLIC_URL}{reverse('mailbox')}"
    lines = [
        f"Personnes inventées. Mot de passe de chacune : {cast.PASSWORD}",
        f"Code à six chiffres des agents et courriels reçus : {mailbox}",
        "",
        *(f"  {email:<{width}}  {role}" for email, role in people),
        "",
        "Phrases secrètes des clés, pour ouvrir les plis (deux suffisent à "
        + where.city.name
        + ", une seule ailleurs) :",
        *(f"  {agent_email(agent, where):<{width}}  {agent.phrase}" for agent in cast.AGENTS if agent.phrase),
    ]
    return "\n".join(lines)


def _roles(agent: Agent, where: Seats) -> str:
    by_place: dict[str, list[str]] = {}
    for seat, role in agent.hats:
        by_place.setdefault(where.at(seat).name, []).append(_DOES[role])
    return " ; ".join(f"{place} : {', '.join(roles)}" for place, roles in by_place.items())
