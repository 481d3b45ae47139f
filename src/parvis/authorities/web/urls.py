from django.urls import URLPattern, path

from parvis.authorities.web import hats, looks

urlpatterns: list[URLPattern] = [
    path("compte/role/", hats.choose_hat, name="choose_hat"),
    path("theme/<slug:slug>.css", looks.theme, name="theme"),
    path("blason/<slug:slug>.svg", looks.coat, name="coat"),
]
