from uuid import UUID

from parvis.accounts.models import Person


def lock_password(person_id: UUID) -> None:
    """Take the password away, and with it every session: the next one is chosen from the person's own mailbox."""
    person = Person.objects.get(id=person_id)
    person.set_unusable_password()
    person.save(update_fields=["password"])
