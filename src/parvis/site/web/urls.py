from django.conf import settings
from django.urls import URLPattern, path

from parvis.site.web import mailbox

urlpatterns: list[URLPattern] = []
if settings.LOCAL:
    urlpatterns.append(path("demo/courrier/", mailbox.mailbox, name="mailbox"))
