from django.urls import URLPattern, path

from parvis.pooling.web.costs import cost, eservices, keys, populations, writing, year

_COSTS = "<slug:authority>/mutualisation/groupements/<uuid:group>/couts/"
_COST = f"{_COSTS}<uuid:cost>/"

urlpatterns: list[URLPattern] = [
    path(_COSTS, year.group_costs, name="group_costs"),
    path(f"{_COSTS}<int:year>.csv", year.costs_csv, name="costs_csv"),
    path(f"{_COSTS}<int:year>/<slug:member>/", year.member_shares, name="member_shares"),
    path(f"{_COSTS}nouveau/", writing.cost_new, name="cost_new"),
    path(f"{_COSTS}cles/", keys.cost_keys, name="cost_keys"),
    path(f"{_COSTS}cles/usuelles/", keys.keys_usual, name="keys_usual"),
    path(f"{_COSTS}cles/nouvelle/", keys.key_new, name="key_new"),
    path(f"{_COSTS}teleservices/", eservices.group_eservices, name="group_eservices"),
    path(f"{_COSTS}teleservices/ajouter/", eservices.eservice_add, name="eservice_add"),
    path(f"{_COSTS}teleservices/<uuid:use>/fin/", eservices.eservice_end, name="eservice_end"),
    path(f"{_COSTS}populations/", populations.group_populations, name="group_populations"),
    path(f"{_COSTS}populations/ecrire/", populations.populations_new, name="populations_new"),
    path(f"{_COSTS}populations/coller/", populations.populations_paste, name="populations_paste"),
    path(_COST, cost.cost, name="cost"),
    path(f"{_COST}modifier/", writing.cost_edit, name="cost_edit"),
    path(f"{_COST}arreter/", writing.cost_close, name="cost_close"),
    path(f"{_COST}retirer/", writing.cost_remove, name="cost_remove"),
    path(f"{_COST}parts/<slug:member>/", cost.cost_share, name="cost_share"),
]
