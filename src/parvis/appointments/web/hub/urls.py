from django.urls import path

from parvis.appointments.web.hub import views

urlpatterns = [
    path("api/ants/getManagedMeetingPoints", views.meeting_points, name="hub_meeting_points"),
    path("api/ants/availableTimeSlots", views.time_slots, name="hub_time_slots"),
    path("api/ants/searchApplicationIds", views.application_ids, name="hub_application_ids"),
]
