from django.conf import settings
from django.http import HttpResponse

from parvis.accounts.services.throttle import DEVICE_AGE, DEVICE_COOKIE, device_token


def remember_device(response: HttpResponse, email: str) -> None:
    """This browser has proved the account: strangers' failures no longer count against it (services/throttle.py)."""
    response.set_cookie(
        DEVICE_COOKIE,
        device_token(email),
        max_age=DEVICE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
