from django.urls import path

from parvis.pooling.web.public import pages

_ALL = "<slug:authority>/groupements/"

urlpatterns = [
    path(_ALL, pages.groups, name="public_groups"),
    path(f"{_ALL}<uuid:group>/", pages.group, name="public_group"),
    path(f"{_ALL}<uuid:group>.json", pages.group_json, name="public_group_json"),
]
