from django.urls import URLPattern, path

from parvis.appointments.web.booking.appointment import booking, booking_calendar
from parvis.appointments.web.booking.change import cancel, move
from parvis.appointments.web.booking.check import check
from parvis.appointments.web.booking.contact import contact
from parvis.appointments.web.booking.find import find
from parvis.appointments.web.booking.people import people

_ONE = "<slug:authority>/rendez-vous/suivi/<str:key>/"

urlpatterns: list[URLPattern] = [
    path("<slug:authority>/rendez-vous/retrouver/", find, name="find_booking"),
    path(_ONE, booking, name="booking"),
    path(f"{_ONE}personnes/", people, name="booking_people"),
    path(f"{_ONE}contact/", contact, name="booking_contact"),
    path(f"{_ONE}verifier/", check, name="booking_check"),
    path(f"{_ONE}deplacer/", move, name="move_booking"),
    path(f"{_ONE}annuler/", cancel, name="cancel_booking"),
    path(f"{_ONE}rendez-vous.ics", booking_calendar, name="booking_calendar"),
]
