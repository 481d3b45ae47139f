from django.urls import URLPattern, path

from parvis.pooling.web.pending import pending

_ALL = "<slug:authority>/mutualisation/groupements/<uuid:group>/"
_FRAMEWORK = f"{_ALL}accords-cadres/<uuid:framework>/"
_ORDER = f"{_ALL}commandes/<uuid:order>/"

urlpatterns: list[URLPattern] = [
    path(f"{_ALL}accords-cadres/", pending, name="group_frameworks"),
    path(_FRAMEWORK, pending, name="framework"),
    path(f"{_ALL}commandes/", pending, name="group_orders"),
    path(_ORDER, pending, name="order"),
    path(f"{_ORDER}commande.json", pending, name="order_json"),
]
