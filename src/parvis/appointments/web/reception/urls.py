from django.urls import URLPattern, path

from parvis.appointments.web.reception import book, booking, figures, screen, today, visits, walk_ins

_DESK = "<slug:authority>/accueil/"
_ONE = f"{_DESK}rendez-vous/<uuid:booking>/"

urlpatterns: list[URLPattern] = [
    path(_DESK, today.reception, name="reception"),
    path(f"{_DESK}imprimer/", today.printed, name="reception_print"),
    path(f"{_DESK}suivant/", visits.next_one, name="reception_next"),
    path(f"{_DESK}mon-guichet/", visits.choose_desk, name="reception_desk"),
    path(f"{_DESK}absents/", visits.all_absent, name="reception_absent"),
    path(f"{_DESK}sans-rendez-vous/", walk_ins.walk_in, name="reception_walk_in"),
    path(f"{_DESK}remise/", walk_ins.hand_over, name="reception_hand_over"),
    path(f"{_DESK}reserver/", book.book, name="reception_book"),
    path(f"{_DESK}a-rappeler/", booking.to_call_back, name="reception_displaced"),
    path(_ONE, booking.booking_file, name="reception_booking"),
    path(f"{_ONE}deplacer/", booking.move, name="reception_move"),
    path(f"{_ONE}annuler/", booking.cancel, name="reception_cancel"),
    path(f"{_ONE}papier/", booking.slip, name="reception_slip"),
    path(f"{_ONE}geste/<slug:word>/", visits.verb, name="reception_verb"),
    path(f"{_DESK}ecran/<uuid:place>/", screen.screen, name="reception_screen"),
    path(f"{_DESK}ecran/<str:key>/", screen.wall, name="reception_wall"),
    path(f"{_DESK}chiffres/", figures.figures, name="reception_figures"),
    path(f"{_DESK}chiffres.csv", figures.figures_csv, name="reception_figures_csv"),
]
