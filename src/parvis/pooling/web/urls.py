"""Addresses of pooling: all begin with the slug of the authority for which one acts."""

from django.urls import path

from parvis.pooling.web import frame, home
from parvis.pooling.web.agreements.urls import urlpatterns as agreements
from parvis.pooling.web.committee.urls import urlpatterns as committee
from parvis.pooling.web.costs.urls import urlpatterns as costs
from parvis.pooling.web.groups.urls import urlpatterns as groups
from parvis.pooling.web.invoices.urls import urlpatterns as invoices
from parvis.pooling.web.orders.urls import urlpatterns as orders
from parvis.pooling.web.public.urls import urlpatterns as public
from parvis.pooling.web.simulator.urls import urlpatterns as simulator
from parvis.pooling.web.statements.urls import urlpatterns as statements

urlpatterns = [
    path("<slug:authority>/mutualisation/", home.pooling, name="pooling"),
    path("<slug:authority>/mutualisation/pieces/<uuid:paper>/", frame.paper, name="paper"),
    *agreements, *groups, *orders, *invoices, *costs, *simulator, *statements, *committee, *public,
]  # fmt: skip
