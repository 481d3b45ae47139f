"""A Django that does nothing, on the same Granian: the limit of what a page can cost. Served by test_bench_pages."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path

settings.configure(
    SECRET_KEY="x" * 50,
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["*"],
    MIDDLEWARE=[],
    INSTALLED_APPS=[],
    USE_I18N=False,
    LOGGING_CONFIG=None,
)
urlpatterns = [path("", lambda request: HttpResponse(b"ok", headers={"Content-Length": "2"}))]
application: Any = get_wsgi_application()
