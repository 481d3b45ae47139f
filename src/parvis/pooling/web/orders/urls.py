"""Addresses of frameworks and orders."""

from django.urls import URLPattern, path

from parvis.pooling.web.orders import (
    documents,
    framework_edit,
    frameworks,
    issue,
    lists,
    moves,
    order,
    order_edit,
)

_ALL = "<slug:authority>/mutualisation/groupements/<uuid:group>/"
_FRAMEWORKS, _ORDERS = f"{_ALL}accords-cadres/", f"{_ALL}commandes/"
_FRAMEWORK, _ORDER = f"{_FRAMEWORKS}<uuid:framework>/", f"{_ORDERS}<uuid:order>/"

urlpatterns: list[URLPattern] = [
    path(_FRAMEWORKS, frameworks.frameworks, name="group_frameworks"),
    path(f"{_FRAMEWORKS}nouveau/", framework_edit.framework_new, name="framework_new"),
    path(_FRAMEWORK, frameworks.framework, name="framework"),
    path(f"{_FRAMEWORK}bordereau.csv", frameworks.prices_csv, name="framework_prices"),
    path(f"{_FRAMEWORK}corriger/", framework_edit.framework_edit, name="framework_edit"),
    path(f"{_FRAMEWORK}bordereau/", framework_edit.framework_schedule, name="framework_schedule"),
    path(f"{_FRAMEWORK}avenant/", framework_edit.framework_amend, name="framework_amend"),
    path(f"{_FRAMEWORK}deja-commande/", framework_edit.framework_earlier, name="framework_earlier"),
    path(f"{_FRAMEWORK}membres/<uuid:member>/", framework_edit.framework_member, name="framework_member"),
    path(_ORDERS, lists.orders, name="group_orders"),
    path(f"{_ORDERS}nouvelle/", order_edit.order_new, name="order_new"),
    path(_ORDER, order.order, name="order"),
    path(f"{_ORDER}modifier/", order_edit.order_edit, name="order_edit"),
    path(f"{_ORDER}informer/", moves.order_inform, name="order_inform"),
    path(f"{_ORDER}repondre/", moves.order_answer, name="order_answer"),
    path(f"{_ORDER}partager/<uuid:member>/", moves.order_join, name="order_join"),
    path(f"{_ORDER}reprendre/", moves.order_rework, name="order_rework"),
    path(f"{_ORDER}emettre/", issue.order_issue, name="order_issue"),
    path(f"{_ORDER}reception/", issue.order_delivery, name="order_delivery"),
    path(f"{_ORDER}reserves/", issue.order_reserves, name="order_reserves"),
    path(f"{_ORDER}annuler/", moves.order_cancel, name="order_cancel"),
    path(f"{_ORDER}commande.pdf", documents.order_pdf, name="order_pdf"),
    path(f"{_ORDER}commande.json", documents.order_json, name="order_json"),
]
