from django.urls import URLPattern, path

from parvis.portal.web import home, pages, search

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("recherche/", search.search, name="search"),
    path("accessibilite/", pages.accessibility, name="accessibility"),
    path("mentions-legales/", pages.legal, name="legal"),
    path("plan-du-site/", pages.site_map, name="site_map"),
    path("<slug:authority>/", home.authority_home, name="authority_home"),
]
