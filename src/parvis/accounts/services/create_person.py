from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import transaction

from parvis.accounts.models import Person


def create_person(email: str, full_name: str, password: str | None = None, *, verified: bool = False) -> UUID:
    """An account made for somebody; without a password, it opens by the link of `set_password_link`.

    Raises IntegrityError if the address is taken.
    """
    with transaction.atomic():
        person = Person.objects.create_user(email, password, full_name=" ".join(full_name.split()))
        EmailAddress.objects.create(user=person, email=person.email, verified=verified, primary=True)
    return person.id
