"""Who gets what at each address: one row an address, one column a visitor, the status that they must get.

`@name` in a place is something of tests/site/url_world.py. A GET unless the row says otherwise; a POST sends `{}`.
"""

from tests.site.url_rows import (
    ACCOUNT,
    ADMINISTRATORS,
    AGENDA_MAKERS,
    BOARD,
    BUYERS,
    CHAIRS,
    COMPANY,
    CUSTODIANS,
    EVERYONE,
    FIGURES,
    NOT_SIGNED_IN,
    OPERATOR,
    READERS,
    RECEPTION,
    REGISTERS,
    Row,
    here,
    row,
)
from tests.site.url_table_pooling import POOLING_PAGES
from tests.site.url_world import HERE

CURRENT, DRAFT, PAST = {"consultation": "@current"}, {"consultation": "@draft"}, {"consultation": "@past"}

PUBLIC_PAGES = {
    "home": row(EVERYONE),
    "robots": row(EVERYONE),
    "search": row(EVERYONE),
    "accessibility": row(EVERYONE),
    "legal": row(EVERYONE),
    "site_map": row(EVERYONE),
    "authority_home": here(EVERYONE),
    "theme": row(EVERYONE, slug=HERE),
    "coat": row(EVERYONE, slug=HERE),
    "all_consultations": row(EVERYONE),
    "all_consultations_feed": row(EVERYONE),
    "consultations": here(EVERYONE),
    "consultations_feed": here(EVERYONE),
    "consultation": here(EVERYONE, **CURRENT),
    "document": here(EVERYONE, **CURRENT, document="@document"),
    "documents_zip": here(EVERYONE, **CURRENT),
    "watch": here(EVERYONE, "post", ok=422, why="no address in the form", **CURRENT),
    "stop_watching": here(EVERYONE, ok=404, why="not a token of ours", **CURRENT, token="nothing"),
    "how_sealing_works": row(EVERYONE),
    "verify_receipt": row(EVERYONE),
    "try_a_deposit": row(EVERYONE, ok=302, why="leads to the test consultation"),
    "register": row(EVERYONE),
    "register_checkpoint": row(EVERYONE),
    "register_key": row(EVERYONE),
    "register_growth": row(EVERYONE, size="1"),
    "register_tile": row(EVERYONE, ok=404, why="no tile is whole yet", level="0", place="000"),
}

ACCOUNT_PAGES = {
    "account_login": row(NOT_SIGNED_IN),
    "account_signup": row(NOT_SIGNED_IN),
    "account_logout": row(ACCOUNT),
    "account_inactive": row(EVERYONE),
    "account_reauthenticate": row(ACCOUNT),
    "account_email": row(ACCOUNT),
    "account_email_verification_sent": row(EVERYONE),
    "account_confirm_email": row(EVERYONE, why="says that the link is too old", key="nothing"),
    "account_change_password": row(ACCOUNT),
    "account_set_password": row(ACCOUNT, ok=302, why="all have one: leads to changing it"),
    "account_reset_password": row(EVERYONE),
    "account_reset_password_done": row(EVERYONE),
    "account_reset_password_from_key": row(EVERYONE, why="says that the link is too old", uidb36="1", key="x-y"),
    "account_reset_password_from_key_done": row(EVERYONE),
    "socialaccount_login_cancelled": row(EVERYONE),
    "socialaccount_login_error": row(EVERYONE, ok=401),
    "socialaccount_signup": row(EVERYONE, ok=302, why="no sign-up under way"),
    "socialaccount_connections": row(EVERYONE, ok=302, why="leads to my account, which asks to sign in"),
    "identity_login": row(EVERYONE, "post", ok=404, why="no such provider", provider_id="nothing"),
    "identity_callback": row(EVERYONE, ok=404, why="no such provider", provider_id="nothing"),
    "my_account": row(ACCOUNT),
    "edit_profile": row(ACCOUNT),
    "sign_out_everywhere": row(ACCOUNT, "post", ok=302, why="back to signing in"),
    "choose_company": row(ACCOUNT),
    "company": Row((302, 404, 200, *13 * (404,)), {"company": "@company"}),
    "my_submissions": Row((302, 302, 200, *13 * (302,)), why="leads to choosing a company"),
    "choose_hat": Row(
        (302, 302, 302, 200, 200, 200, 200, 200, 200, 200, 302, 200, 200, 200, 200, 200),
        why="no hat: to my account; one factor: to the second",
    ),
}

# An hour after signing in, each of these asks for the password again: it leads there.
AGAIN = "the password again first"
FACTOR_PAGES = {
    "second_factor": row(ACCOUNT, ok=302, why="leads to making or giving it"),
    "mfa_index": row(ACCOUNT, ok=302, why="leads to my account"),
    "mfa_authenticate": row(ACCOUNT, ok=302, why="no sign-in under way"),
    "mfa_reauthenticate": row(ACCOUNT, ok=302, why="has no factor to give"),
    "mfa_activate_totp": row(ACCOUNT, ok=302, why=AGAIN),
    "mfa_deactivate_totp": row(ACCOUNT, ok=404, why="has none"),
    "mfa_view_recovery_codes": row(ACCOUNT, ok=404, why="has none"),
    "mfa_generate_recovery_codes": row(ACCOUNT, ok=302, why=AGAIN),
    "mfa_download_recovery_codes": row(ACCOUNT, ok=404, why="has none"),
    "mfa_list_webauthn": row(ACCOUNT),
    "mfa_add_webauthn": row(ACCOUNT, ok=302, why=AGAIN),
    "mfa_reauthenticate_webauthn": row(ACCOUNT, ok=302, why=AGAIN),
    "mfa_remove_webauthn": row(ACCOUNT, ok=302, why=AGAIN, pk="1"),
    "mfa_edit_webauthn": row(ACCOUNT, ok=302, why=AGAIN, pk="1"),
}

OFFICE_PAGES = {
    "operator_home": row(OPERATOR),
    "create_authority": row(OPERATOR),
    "edit_authority": row(OPERATOR, slug=HERE),
    "operator_agents": row(OPERATOR, slug=HERE),
    "agents": here(ADMINISTRATORS),
    "branding": here(ADMINISTRATORS),
}

DEPOSIT_PAGES = {
    "deposit": here(COMPANY, **CURRENT),
    "deposit_data": here(COMPANY, anonymous=401, **CURRENT),
    "deposit_uploads": here(COMPANY, "options", ok=204, **CURRENT),
    "deposit_upload": here(COMPANY, "head", ok=412, why="no Tus-Resumable header", **CURRENT, upload="@upload"),
    "deposit_seal": here(COMPANY, "post", ok=409, anonymous=401, why="nothing is announced", **CURRENT),
    "receipt": here(COMPANY, submission="@submission"),
    "receipt_json": here(COMPANY, anonymous=401, submission="@submission"),
    "receipt_pdf": here(COMPANY, submission="@submission"),
}

DESK_PAGES = {
    "desk": here(READERS),
    "export": here(REGISTERS),
    "desk_consultation": here(READERS, **CURRENT),
    "new_consultation": here(BUYERS),
    "edit_consultation": here(BUYERS, **DRAFT, step="objet"),
    "cpv_search": here(BUYERS, **DRAFT),
    "add_after_publication": here(BUYERS, "post", ok=302, anonymous=401, why="says what is wrong", **CURRENT),
    "remove_document": here(BUYERS, "post", ok=302, anonymous=401, **DRAFT, document="@draft_document"),
    "publish_consultation": here(BUYERS, **DRAFT),
    "cancel_draft": here(BUYERS, **DRAFT),
    "record_award": here(BUYERS, **PAST),
    "complete_award": here(BUYERS, **PAST, award="@award"),
    "correct_award": here(BUYERS, **PAST, award="@award"),
    "download_register": here(REGISTERS, **CURRENT),
    "download_register_csv": here(REGISTERS, **CURRENT),
    "download_register_pdf": here(REGISTERS, **CURRENT),
    "deposit_register": here(REGISTERS, **CURRENT),
}

KEY_PAGES = {
    "my_key": here(CUSTODIANS),
    "my_key_data": here(CUSTODIANS, anonymous=401),
    "ceremony": here(CHAIRS, **DRAFT),
    "ceremony_data": here(CHAIRS, anonymous=401, **DRAFT),
    "rehearsal": here(CUSTODIANS, **CURRENT),
    "rehearsal_data": here(CUSTODIANS, ok=404, anonymous=401, why="has no share", **CURRENT),
    "canary": here(CUSTODIANS, "post", ok=400, anonymous=401, why="malformed", **DRAFT),
}

OPENING_PAGES = {
    "opening": here(BOARD, **PAST),
    "opening_data": here(BOARD, anonymous=401, **PAST),
    "opening_session_key": here(CHAIRS, "post", ok=400, anonymous=401, why="malformed", **PAST),
    "opening_share": here(CUSTODIANS, "post", ok=409, anonymous=401, why="has no key", **PAST),
    "opening_open": here(CHAIRS, "post", ok=400, anonymous=401, why="malformed", **PAST),
    "opening_move_on": here(CHAIRS, "post", ok=302, anonymous=401, why="says that the session is closed", **PAST),
    "minutes": here(BOARD, **PAST),
    "sealed_shares": here(CUSTODIANS, anonymous=401, **PAST),
    "opened_document": here(BOARD, **PAST, document="@opened_document"),
    "sealed_file": here(BOARD, **PAST, envelope="@envelope"),
}

PLACE, AGENDA, BOOKED = {"place": "@place"}, {"agenda": "@agenda"}, {"booking": "@booking"}
APPOINTMENT_PAGES = {
    "find_appointment": row(EVERYONE),
    "appointments": here(EVERYONE),
    "place": here(EVERYONE, **PLACE),
    "take_slot": here(EVERYONE, ok=400, why="no place, reason nor hour in the address"),
    "find_booking": here(EVERYONE),
    "booking": here(EVERYONE, key="@booking_key"),
    "booking_people": here(EVERYONE, key="@held_key"),
    "booking_contact": here(EVERYONE, ok=302, why="who comes is not written yet", key="@held_key"),
    "booking_check": here(EVERYONE, ok=302, why="who comes is not written yet", key="@held_key"),
    "move_booking": here(EVERYONE, key="@booking_key"),
    "cancel_booking": here(EVERYONE, key="@booking_key"),
    "booking_calendar": here(EVERYONE, key="@booking_key"),
    "join_waiting": row(EVERYONE),
    "waiting": row(EVERYONE, key="@waiting_key"),
    "offer": row(EVERYONE, ok=404, why="not a key of ours", key="nothing"),
    "hub_meeting_points": row(EVERYONE, ok=401, why="no token"),
    "hub_time_slots": row(EVERYONE, ok=401, why="no token"),
    "hub_application_ids": row(EVERYONE, ok=401, why="no token"),
}

RECEPTION_PAGES = {
    "reception": here(RECEPTION),
    "reception_print": here(RECEPTION),
    "reception_next": here(RECEPTION, "post", ok=302, anonymous=401),
    "reception_desk": here(RECEPTION, "post", ok=302, anonymous=401),
    "reception_absent": here(RECEPTION, "post", ok=302, anonymous=401),
    "reception_walk_in": here(RECEPTION),
    "reception_hand_over": here(RECEPTION, "post", ok=302, anonymous=401),
    "reception_book": here(RECEPTION),
    "reception_displaced": here(RECEPTION),
    "reception_booking": here(RECEPTION, **BOOKED),
    "reception_move": here(RECEPTION, **BOOKED),
    "reception_cancel": here(RECEPTION, **BOOKED),
    "reception_slip": here(RECEPTION, **BOOKED),
    "reception_verb": here(RECEPTION, "post", ok=302, anonymous=401, **BOOKED, word="arrivee"),
    "reception_screen": here(RECEPTION, **PLACE),
    "reception_wall": here(EVERYONE, key="@wall_key"),
    "reception_figures": here(FIGURES),
    "reception_figures_csv": here(FIGURES),
}

AGENDA_PAGES = {
    "agendas": here(AGENDA_MAKERS),
    "agenda_new_place": here(AGENDA_MAKERS),
    "agenda_place": here(AGENDA_MAKERS, **PLACE),
    "agenda_new": here(AGENDA_MAKERS, **PLACE),
    "agenda_close": here(AGENDA_MAKERS, **PLACE),
    "agenda_exception": here(AGENDA_MAKERS, exception="@exception"),
    "agenda": here(AGENDA_MAKERS, **AGENDA),
    "agenda_settings": here(AGENDA_MAKERS, **AGENDA),
    "agenda_outside": here(AGENDA_MAKERS, "post", anonymous=401, **AGENDA),
    "agenda_new_resource": here(AGENDA_MAKERS, **AGENDA),
    "agenda_resource": here(AGENDA_MAKERS, **AGENDA, resource="@resource"),
    "agenda_hours": here(AGENDA_MAKERS, **AGENDA, resource="@resource"),
    "agenda_reasons": here(AGENDA_MAKERS, **AGENDA),
    "agenda_new_reason": here(AGENDA_MAKERS, **AGENDA),
    "agenda_reason": here(AGENDA_MAKERS, **AGENDA, reason="@reason"),
    "agenda_open": here(AGENDA_MAKERS, **AGENDA),
}

# What is handed out after the deadline only, with the names that lead to a deposit made before it.
AFTER_THE_DEADLINE = {
    "minutes": {},
    "sealed_shares": {},
    "sealed_file": {"envelope": "@early_envelope"},
    "opened_document": {"document": "@opened_document"},
}

# Routed in the demo and the tests, never in production (test_urls_table.py asks a production process).
DEMO_PAGES = {
    "components": row(EVERYONE),
    "mailbox": row(EVERYONE),
    "local_identity": row(EVERYONE, audience="agents"),
    "local_identity_keys": row(EVERYONE, audience="agents"),
    "local_identity_authorize": row(EVERYONE, ok=404, why="asked by nobody", audience="agents"),
    "local_identity_token": row(EVERYONE, "post", ok=400, why="no code", audience="agents"),
    "local_identity_person": row(EVERYONE, ok=401, why="no token", audience="agents"),
    "local_coordination": row(EVERYONE),
    "local_coordination_status": row(EVERYONE, ok=422, why="no parameters"),
    "local_coordination_appointments": row(EVERYONE, "post", ok=422, why="no parameters"),
}

TABLE: dict[str, Row] = {
    **PUBLIC_PAGES,
    **ACCOUNT_PAGES,
    **FACTOR_PAGES,
    **OFFICE_PAGES,
    **DEPOSIT_PAGES,
    **DESK_PAGES,
    **KEY_PAGES,
    **OPENING_PAGES,
    **APPOINTMENT_PAGES,
    **RECEPTION_PAGES,
    **AGENDA_PAGES,
    **POOLING_PAGES,
    **DEMO_PAGES,
}

# Addresses under an authority pass its gate; these have one of their own, or none, for a reason.
OF_NO_AUTHORITY = (
    "home", "robots", "search", "accessibility", "legal", "site_map", "theme", "coat", "all_consultations",
    "all_consultations_feed", "how_sealing_works", "verify_receipt", "try_a_deposit", "find_appointment",
    "join_waiting", "waiting", "offer",
)  # fmt: skip
WITHOUT_GATE = {
    **dict.fromkeys((*ACCOUNT_PAGES, *FACTOR_PAGES), "an account's own page"),
    **dict.fromkeys(OF_NO_AUTHORITY, "public, and of no authority"),
    **dict.fromkeys(DEMO_PAGES, "demo and tests only"),
    **dict.fromkeys(("hub_meeting_points", "hub_time_slots", "hub_application_ids"), "a hub shows its own token"),
}
# No browser's session gives these their right, so no other site can borrow it.
WITHOUT_CSRF = {
    "local_identity_token": "asked by a server with its own secret",
    "local_coordination_appointments": "asked by a server with its own token",
    **dict.fromkeys(("hub_meeting_points", "hub_time_slots", "hub_application_ids"), "asked by a hub with its token"),
}
