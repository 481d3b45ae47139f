from uuid import UUID

from django.contrib.sessions.models import Session

from parvis.kit import clock

BATCH = 500


def sign_out_everywhere(person_id: UUID, but: str | None) -> int:
    """End every session of a person except the one whose key is `but`; the number ended."""
    doomed = [
        session.session_key
        for session in Session.objects.filter(expire_date__gt=clock.now()).iterator(BATCH)
        if session.session_key != but and session.get_decoded().get("_auth_user_id") == str(person_id)
    ]
    return Session.objects.filter(session_key__in=doomed).delete()[0]
