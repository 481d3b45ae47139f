from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from parvis.site.web import components, local_coordination, local_identity, mailbox, robots

_local_identity: list[URLPattern] = [
    path(".well-known/openid-configuration", local_identity.discovery, name="local_identity"),
    path("cles.json", local_identity.keys, name="local_identity_keys"),
    path("autoriser/", local_identity.authorize, name="local_identity_authorize"),
    path("jeton/", local_identity.token, name="local_identity_token"),
    path("personne/", local_identity.person, name="local_identity_person"),
]

urlpatterns: list[URLPattern | URLResolver] = [path("robots.txt", robots.robots, name="robots")]
if settings.LOCAL:
    urlpatterns += [
        path("demo/composants/", components.components, name="components"),
        path("demo/coordination/", local_coordination.page, name="local_coordination"),
        path("demo/coordination/status", local_coordination.status, name="local_coordination_status"),
        path("demo/coordination/appointments", local_coordination.appointments, name="local_coordination_appointments"),
        path("demo/courrier/", mailbox.mailbox, name="mailbox"),
        path("demo/identite/<slug:audience>/", include(_local_identity)),
    ]
