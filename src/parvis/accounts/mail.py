"""Letters about accounts, through Django's mail: its backend keeps and sends them (the notifications room)."""

from collections.abc import Iterable
from typing import Any

from allauth.core import context as allauth
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string


def send(template: str, to: Iterable[str], title: str, **values: Any) -> None:
    """One letter to each address. `template` is a path without its ending: `.txt` and `.html` both exist."""
    context = {"title": title, "public_url": settings.PUBLIC_URL, **values}
    text, html = (render_to_string(f"{template}.{ending}", context, allauth.request) for ending in ("txt", "html"))
    for address in to:
        letter = EmailMultiAlternatives(title, text.strip() + "\n", to=[address])
        letter.attach_alternative(html, "text/html")
        letter.send()
