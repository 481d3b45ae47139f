"""Second factors by application (TOTP, RFC 6238): given to invented people, and read back for them in the demo."""

import time
from uuid import UUID

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.db import transaction

from parvis.accounts.models import Person


def give_totp(person_id: UUID) -> str:
    """Put an application's secret on an account that has none, with recovery codes; the secret in base32."""
    person = Person.objects.get(id=person_id)
    secret: str = generate_totp_secret()
    with transaction.atomic():
        TOTP.activate(person, secret)
        RecoveryCodes.activate(person)
    return secret


def current_codes() -> dict[UUID, str]:
    """The code that each person's application shows now. Raises RuntimeError outside the demo and the tests."""
    if not settings.LOCAL:
        raise RuntimeError("codes are the people's own secret outside the demo")
    found = Authenticator.objects.filter(type=Authenticator.Type.TOTP)
    counter = int(time.time()) // app_settings.TOTP_PERIOD
    return {a.user_id: format_hotp_value(hotp_value(decrypt(a.data["secret"]), counter)) for a in found}


def seconds_left() -> int:
    """Until the codes change."""
    return int(app_settings.TOTP_PERIOD - int(time.time()) % app_settings.TOTP_PERIOD)
