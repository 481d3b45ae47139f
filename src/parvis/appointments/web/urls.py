"""Addresses of appointments; those of one authority begin with its slug and come after the platform's own."""

from parvis.appointments.web.agendas.urls import urlpatterns as agendas
from parvis.appointments.web.booking.urls import urlpatterns as booking
from parvis.appointments.web.hub.urls import urlpatterns as hub
from parvis.appointments.web.public.urls import urlpatterns as public
from parvis.appointments.web.reception.urls import urlpatterns as reception
from parvis.appointments.web.waiting.urls import urlpatterns as waiting

urlpatterns = [*hub, *waiting, *booking, *agendas, *reception, *public]
