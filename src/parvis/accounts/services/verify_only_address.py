from uuid import UUID

from allauth.account.models import EmailAddress


def verify_only_address(person_id: UUID) -> None:
    """Whoever opened a link sent to the one address of an account proved it; with two addresses, nothing is proved."""
    addresses = list(EmailAddress.objects.filter(user_id=person_id)[:2])
    if len(addresses) == 1 and not addresses[0].verified:
        EmailAddress.objects.filter(pk=addresses[0].pk).update(verified=True, primary=True)
