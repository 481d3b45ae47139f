from django.urls import URLPattern, path

from parvis.pooling.web.pending import pending

_ALL = "<slug:authority>/mutualisation/groupements/<uuid:group>/comite/"

urlpatterns: list[URLPattern] = [
    path(_ALL, pending, name="group_committee"),
    path(f"{_ALL}<uuid:meeting>/", pending, name="meeting"),
]
