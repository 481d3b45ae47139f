from django.urls import URLPattern, path

from parvis.pooling.web.pending import pending

_ALL = "<slug:authority>/mutualisation/"

urlpatterns: list[URLPattern] = [
    path(f"{_ALL}groupements/", pending, name="groups"),
    path(f"{_ALL}groupements/<uuid:group>/", pending, name="group"),
    path(f"{_ALL}groupements/<uuid:group>/membres/", pending, name="group_members"),
    path(f"{_ALL}groupements/<uuid:group>/suivi/", pending, name="group_tasks"),
]
