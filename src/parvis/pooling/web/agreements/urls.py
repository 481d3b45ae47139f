from django.urls import URLPattern, path

from parvis.pooling.web.pending import pending

_ALL = "<slug:authority>/mutualisation/"

urlpatterns: list[URLPattern] = [
    path(f"{_ALL}conventions/", pending, name="agreements"),
]
