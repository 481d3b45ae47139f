"""The account's pages, at French addresses; allauth's names, which its own code reverses."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount import views as social
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.generic import RedirectView

from parvis.accounts.web import companies, factors, identity, profile
from parvis.accounts.web.sign_in import new_password, sign_in

_account: list[URLPattern] = [
    path("connexion/", sign_in, name="account_login"),
    path("deconnexion/", account.logout, name="account_logout"),
    path("inscription/", account.signup, name="account_signup"),
    path("ferme/", account.account_inactive, name="account_inactive"),
    path("confirmer/", account.reauthenticate, name="account_reauthenticate"),
    path("adresse/", account.email, name="account_email"),
    path("adresse/verification/", account.email_verification_sent, name="account_email_verification_sent"),
    re_path(r"^adresse/verification/(?P<key>[-:\w]+)/$", account.confirm_email, name="account_confirm_email"),
    path("mot-de-passe/", account.password_change, name="account_change_password"),
    path("mot-de-passe/creer/", account.password_set, name="account_set_password"),
    path("mot-de-passe/oublie/", account.password_reset, name="account_reset_password"),
    path("mot-de-passe/oublie/envoye/", account.password_reset_done, name="account_reset_password_done"),
    path("mot-de-passe/change/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    re_path(
        r"^mot-de-passe/nouveau/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        new_password,
        name="account_reset_password_from_key",
    ),
]

_factors: list[URLPattern] = [
    path("", factors.second_factor, name="second_factor"),
    path("reglages/", RedirectView.as_view(pattern_name="my_account"), name="mfa_index"),
    path("code/", mfa.authenticate, name="mfa_authenticate"),
    path("confirmer/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("application/", factors.activate_totp, name="mfa_activate_totp"),
    path("application/retirer/", factors.deactivate_totp, name="mfa_deactivate_totp"),
    path("codes/", factors.view_codes, name="mfa_view_recovery_codes"),
    path("codes/nouveaux/", factors.generate_codes, name="mfa_generate_recovery_codes"),
    path("codes/fichier/", factors.download_codes, name="mfa_download_recovery_codes"),
    path("cles/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("cles/ajouter/", factors.add_passkey, name="mfa_add_webauthn"),
    path("cles/confirmer/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("cles/<int:pk>/retirer/", factors.remove_passkey, name="mfa_remove_webauthn"),
    path("cles/<int:pk>/renommer/", factors.edit_passkey, name="mfa_edit_webauthn"),
]

_identity: list[URLPattern] = [
    path("annulee/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("erreur/", social.login_error, name="socialaccount_login_error"),
    path("inscription/", social.signup, name="socialaccount_signup"),
    path("comptes/", RedirectView.as_view(pattern_name="my_account"), name="socialaccount_connections"),
    path("<slug:provider_id>/", identity.identity_login, name="identity_login"),
    path("<slug:provider_id>/retour/", identity.identity_callback, name="identity_callback"),
]

_own: list[URLPattern] = [
    path("", profile.my_account, name="my_account"),
    path("profil/", profile.edit_profile, name="edit_profile"),
    path("deconnexion-partout/", profile.sign_out_everywhere, name="sign_out_everywhere"),
    path("entreprise/", companies.choose_company, name="choose_company"),
    path("entreprise/<uuid:company>/", companies.company, name="company"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("compte/", include(_own)),
    path("compte/", include(_account)),
    path("compte/identite/", include(_identity)),
    path("compte/deuxieme-etape/", include(_factors)),
]
