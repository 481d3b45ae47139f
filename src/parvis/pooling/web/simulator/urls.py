from django.urls import URLPattern, path

from parvis.pooling.web.simulator import shared, simulator

_GROUP = "<slug:authority>/mutualisation/groupements/<uuid:group>/"

urlpatterns: list[URLPattern] = [
    path(f"{_GROUP}simulateur/", simulator.simulator, name="simulator"),
    path(f"{_GROUP}simulateur.pdf", simulator.simulator_pdf, name="simulator_pdf"),
    path(f"{_GROUP}simulateur.csv", simulator.simulator_csv, name="simulator_csv"),
    path("<slug:authority>/simulations/<str:key>/", shared.public_simulation, name="public_simulation"),
]
