from django.urls import path

from parvis.appointments.web.public.authority import appointments
from parvis.appointments.web.public.find import find_appointment
from parvis.appointments.web.public.place import place
from parvis.appointments.web.public.take_slot import take_slot

urlpatterns = [
    path("rendez-vous/", find_appointment, name="find_appointment"),
    path("<slug:authority>/rendez-vous/", appointments, name="appointments"),
    path("<slug:authority>/rendez-vous/creneau/", take_slot, name="take_slot"),
    path("<slug:authority>/rendez-vous/<uuid:place>/", place, name="place"),
]
