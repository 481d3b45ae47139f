from django.urls import URLPattern, path

from parvis.authorities.web import agents, branding, hats, looks, operator

urlpatterns: list[URLPattern] = [
    path("compte/role/", hats.choose_hat, name="choose_hat"),
    path("theme/<slug:slug>.css", looks.theme, name="theme"),
    path("blason/<slug:slug>.svg", looks.coat, name="coat"),
    path("exploitation/", operator.operator_home, name="operator_home"),
    path("exploitation/collectivites/nouvelle/", operator.create_authority, name="create_authority"),
    path("exploitation/collectivites/<slug:slug>/", operator.edit_authority, name="edit_authority"),
    path("exploitation/collectivites/<slug:slug>/agents/", operator.operator_agents, name="operator_agents"),
    path("<slug:authority>/bureau/agents/", agents.agents, name="agents"),
    path("<slug:authority>/bureau/identite/", branding.branding, name="branding"),
]
