from django.urls import path

from parvis.audit.web import pages

urlpatterns = [
    path("registre/", pages.register, name="register"),
    path("registre/checkpoint", pages.signed_state, name="register_checkpoint"),
    path("registre/cle.pub", pages.key_file, name="register_key"),
    path("registre/coherence/<int:size>", pages.growth, name="register_growth"),
    path("registre/tile/<int:level>/<path:place>", pages.tree_tile, name="register_tile"),
]
