from uuid import UUID

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse

from parvis.accounts.models import Person


def set_password_link(person_id: UUID) -> str:
    """Where a person chooses their password, for three days and one use: send it only to their own mailbox."""
    person = Person.objects.get(id=person_id)
    values = {"uidb36": user_pk_to_url_str(person), "key": default_token_generator.make_token(person)}
    return f"{settings.PUBLIC_URL}{reverse('account_reset_password_from_key', kwargs=values)}"
