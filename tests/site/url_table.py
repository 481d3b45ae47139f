"""Who gets what at each address: one row an address, one column a visitor, the status that they must get.

`@name` in a place is something of tests/site/url_world.py. A GET unless the row says otherwise; a POST sends `{}`.
"""

from dataclasses import dataclass, field

from tests.site.url_world import HERE, WHOLE

COLUMNS = (
    "anonymous", "person", "company", "buyer", "elsewhere", "administrator", "chair", "member", "observer", "operator",
    "one_factor", "desk_agent", "desk_manager", "coordinator", "referent", "finance_agent",
)  # fmt: skip

# Columns:        anon pers comp buy  else admi chai memb obse oper 1fac rece mana coor refe fina
EVERYONE       = "200  200  200  200  200  200  200  200  200  200  200  200  200  200  200  200"  # fmt: skip
ACCOUNT        = "302  200  200  200  200  200  200  200  200  200  200  200  200  200  200  200"  # fmt: skip
NOT_SIGNED_IN  = "200  302  302  302  302  302  302  302  302  302  302  302  302  302  302  302"  # fmt: skip
COMPANY        = "302  403  200  403  403  403  403  403  403  403  403  403  403  403  403  403"  # fmt: skip
READERS        = "302  403  403  200  403  200  200  200  200  403  403  403  403  403  403  403"  # fmt: skip
BUYERS         = "302  403  403  200  403  403  403  403  403  403  403  403  403  403  403  403"  # fmt: skip
REGISTERS      = "302  403  403  200  403  200  200  403  200  403  403  403  403  403  403  403"  # fmt: skip
ADMINISTRATORS = "302  403  403  403  403  200  403  403  403  403  403  403  403  403  403  403"  # fmt: skip
CHAIRS         = "302  403  403  403  403  403  200  403  403  403  403  403  403  403  403  403"  # fmt: skip
CUSTODIANS     = "302  403  403  403  403  403  200  200  403  403  403  403  403  403  403  403"  # fmt: skip
BOARD          = "302  403  403  200  403  403  200  200  403  403  403  403  403  403  403  403"  # fmt: skip
OPERATOR       = "302  403  403  403  403  403  403  403  403  200  403  403  403  403  403  403"  # fmt: skip
RECEPTION      = "302  403  403  403  403  403  403  403  403  403  403  200  200  403  403  403"  # fmt: skip
AGENDA_MAKERS  = "302  403  403  403  403  200  403  403  403  403  403  403  200  403  403  403"  # fmt: skip
FIGURES        = "302  403  403  403  403  200  403  403  200  403  403  403  200  403  403  403"  # fmt: skip
POOLING        = "302  403  403  200  403  200  403  403  200  403  403  403  403  403  200  200"  # fmt: skip
TAKES_PART     = "302  403  403  403  403  403  403  403  403  403  403  403  403  403  200  403"  # fmt: skip
ORDERS         = "302  403  403  200  403  403  403  403  403  403  403  403  403  403  200  403"  # fmt: skip
INVOICES       = "302  403  403  403  403  403  403  403  403  403  403  403  403  403  200  200"  # fmt: skip
# At the agglomeration (authority=WHOLE), where only the coordinator and the operator of this world have a hat.
COORDINATOR    = "302  403  403  403  403  403  403  403  403  403  403  403  403  200  403  403"  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    statuses: tuple[int, ...]
    where: dict[str, str] = field(default_factory=dict)
    method: str = "get"
    why: str = ""


def _row(profile: str, method: str = "get", ok: int = 200, anonymous: int = 0, why: str = "", **where: str) -> Row:
    """`ok` stands for the 200 of the profile, `anonymous` for its 302: pages of data say 401 to who is signed out."""
    statuses = [ok if status == 200 else status for status in map(int, profile.split())]
    if anonymous:
        statuses[0] = anonymous
    return Row(tuple(statuses), where, method, why)


def _here(profile: str, method: str = "get", ok: int = 200, anonymous: int = 0, why: str = "", **where: str) -> Row:
    return _row(profile, method, ok, anonymous, why, authority=HERE, **where)


def _whole(profile: str, method: str = "get", ok: int = 200, anonymous: int = 0, why: str = "", **where: str) -> Row:
    return _row(profile, method, ok, anonymous, why, authority=WHOLE, **where)


CURRENT, DRAFT, PAST = {"consultation": "@current"}, {"consultation": "@draft"}, {"consultation": "@past"}

PUBLIC_PAGES = {
    "home": _row(EVERYONE),
    "robots": _row(EVERYONE),
    "search": _row(EVERYONE),
    "accessibility": _row(EVERYONE),
    "legal": _row(EVERYONE),
    "site_map": _row(EVERYONE),
    "authority_home": _here(EVERYONE),
    "theme": _row(EVERYONE, slug=HERE),
    "coat": _row(EVERYONE, slug=HERE),
    "all_consultations": _row(EVERYONE),
    "all_consultations_feed": _row(EVERYONE),
    "consultations": _here(EVERYONE),
    "consultations_feed": _here(EVERYONE),
    "consultation": _here(EVERYONE, **CURRENT),
    "document": _here(EVERYONE, **CURRENT, document="@document"),
    "documents_zip": _here(EVERYONE, **CURRENT),
    "watch": _here(EVERYONE, "post", ok=422, why="no address in the form", **CURRENT),
    "stop_watching": _here(EVERYONE, ok=404, why="not a token of ours", **CURRENT, token="nothing"),
    "how_sealing_works": _row(EVERYONE),
    "verify_receipt": _row(EVERYONE),
    "try_a_deposit": _row(EVERYONE, ok=302, why="leads to the test consultation"),
    "register": _row(EVERYONE),
    "register_checkpoint": _row(EVERYONE),
    "register_key": _row(EVERYONE),
    "register_growth": _row(EVERYONE, size="1"),
    "register_tile": _row(EVERYONE, ok=404, why="no tile is whole yet", level="0", place="000"),
}

ACCOUNT_PAGES = {
    "account_login": _row(NOT_SIGNED_IN),
    "account_signup": _row(NOT_SIGNED_IN),
    "account_logout": _row(ACCOUNT),
    "account_inactive": _row(EVERYONE),
    "account_reauthenticate": _row(ACCOUNT),
    "account_email": _row(ACCOUNT),
    "account_email_verification_sent": _row(EVERYONE),
    "account_confirm_email": _row(EVERYONE, why="says that the link is too old", key="nothing"),
    "account_change_password": _row(ACCOUNT),
    "account_set_password": _row(ACCOUNT, ok=302, why="all have one: leads to changing it"),
    "account_reset_password": _row(EVERYONE),
    "account_reset_password_done": _row(EVERYONE),
    "account_reset_password_from_key": _row(EVERYONE, why="says that the link is too old", uidb36="1", key="x-y"),
    "account_reset_password_from_key_done": _row(EVERYONE),
    "socialaccount_login_cancelled": _row(EVERYONE),
    "socialaccount_login_error": _row(EVERYONE, ok=401),
    "socialaccount_signup": _row(EVERYONE, ok=302, why="no sign-up under way"),
    "socialaccount_connections": _row(EVERYONE, ok=302, why="leads to my account, which asks to sign in"),
    "identity_login": _row(EVERYONE, "post", ok=404, why="no such provider", provider_id="nothing"),
    "identity_callback": _row(EVERYONE, ok=404, why="no such provider", provider_id="nothing"),
    "my_account": _row(ACCOUNT),
    "edit_profile": _row(ACCOUNT),
    "sign_out_everywhere": _row(ACCOUNT, "post", ok=302, why="back to signing in"),
    "choose_company": _row(ACCOUNT),
    "company": Row((302, 404, 200, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404), {"company": "@company"}),
    "my_submissions": Row(
        (302, 302, 200, 302, 302, 302, 302, 302, 302, 302, 302, 302, 302), why="leads to choosing a company"
    ),
    "choose_hat": Row(
        (302, 302, 302, 200, 200, 200, 200, 200, 200, 200, 302, 200, 200),
        why="no hat: to my account; one factor: to the second",
    ),
}

# An hour after signing in, each of these asks for the password again: it leads there.
AGAIN = "the password again first"
FACTOR_PAGES = {
    "second_factor": _row(ACCOUNT, ok=302, why="leads to making or giving it"),
    "mfa_index": _row(ACCOUNT, ok=302, why="leads to my account"),
    "mfa_authenticate": _row(ACCOUNT, ok=302, why="no sign-in under way"),
    "mfa_reauthenticate": _row(ACCOUNT, ok=302, why="has no factor to give"),
    "mfa_activate_totp": _row(ACCOUNT, ok=302, why=AGAIN),
    "mfa_deactivate_totp": _row(ACCOUNT, ok=404, why="has none"),
    "mfa_view_recovery_codes": _row(ACCOUNT, ok=404, why="has none"),
    "mfa_generate_recovery_codes": _row(ACCOUNT, ok=302, why=AGAIN),
    "mfa_download_recovery_codes": _row(ACCOUNT, ok=404, why="has none"),
    "mfa_list_webauthn": _row(ACCOUNT),
    "mfa_add_webauthn": _row(ACCOUNT, ok=302, why=AGAIN),
    "mfa_reauthenticate_webauthn": _row(ACCOUNT, ok=302, why=AGAIN),
    "mfa_remove_webauthn": _row(ACCOUNT, ok=302, why=AGAIN, pk="1"),
    "mfa_edit_webauthn": _row(ACCOUNT, ok=302, why=AGAIN, pk="1"),
}

OFFICE_PAGES = {
    "operator_home": _row(OPERATOR),
    "create_authority": _row(OPERATOR),
    "edit_authority": _row(OPERATOR, slug=HERE),
    "operator_agents": _row(OPERATOR, slug=HERE),
    "agents": _here(ADMINISTRATORS),
    "branding": _here(ADMINISTRATORS),
}

DEPOSIT_PAGES = {
    "deposit": _here(COMPANY, **CURRENT),
    "deposit_data": _here(COMPANY, anonymous=401, **CURRENT),
    "deposit_uploads": _here(COMPANY, "options", ok=204, **CURRENT),
    "deposit_upload": _here(COMPANY, "head", ok=412, why="no Tus-Resumable header", **CURRENT, upload="@upload"),
    "deposit_seal": _here(COMPANY, "post", ok=409, anonymous=401, why="nothing is announced", **CURRENT),
    "receipt": _here(COMPANY, submission="@submission"),
    "receipt_json": _here(COMPANY, anonymous=401, submission="@submission"),
    "receipt_pdf": _here(COMPANY, submission="@submission"),
}

DESK_PAGES = {
    "desk": _here(READERS),
    "export": _here(REGISTERS),
    "desk_consultation": _here(READERS, **CURRENT),
    "new_consultation": _here(BUYERS),
    "edit_consultation": _here(BUYERS, **DRAFT, step="objet"),
    "cpv_search": _here(BUYERS, **DRAFT),
    "add_after_publication": _here(BUYERS, "post", ok=302, anonymous=401, why="says what is wrong", **CURRENT),
    "remove_document": _here(BUYERS, "post", ok=302, anonymous=401, **DRAFT, document="@draft_document"),
    "publish_consultation": _here(BUYERS, **DRAFT),
    "cancel_draft": _here(BUYERS, **DRAFT),
    "record_award": _here(BUYERS, **PAST),
    "complete_award": _here(BUYERS, **PAST, award="@award"),
    "correct_award": _here(BUYERS, **PAST, award="@award"),
    "download_register": _here(REGISTERS, **CURRENT),
    "download_register_csv": _here(REGISTERS, **CURRENT),
    "download_register_pdf": _here(REGISTERS, **CURRENT),
    "deposit_register": _here(REGISTERS, **CURRENT),
}

KEY_PAGES = {
    "my_key": _here(CUSTODIANS),
    "my_key_data": _here(CUSTODIANS, anonymous=401),
    "ceremony": _here(CHAIRS, **DRAFT),
    "ceremony_data": _here(CHAIRS, anonymous=401, **DRAFT),
    "rehearsal": _here(CUSTODIANS, **CURRENT),
    "rehearsal_data": _here(CUSTODIANS, ok=404, anonymous=401, why="has no share", **CURRENT),
    "canary": _here(CUSTODIANS, "post", ok=400, anonymous=401, why="malformed", **DRAFT),
}

OPENING_PAGES = {
    "opening": _here(BOARD, **PAST),
    "opening_data": _here(BOARD, anonymous=401, **PAST),
    "opening_session_key": _here(CHAIRS, "post", ok=400, anonymous=401, why="malformed", **PAST),
    "opening_share": _here(CUSTODIANS, "post", ok=409, anonymous=401, why="has no key", **PAST),
    "opening_open": _here(CHAIRS, "post", ok=400, anonymous=401, why="malformed", **PAST),
    "opening_move_on": _here(CHAIRS, "post", ok=302, anonymous=401, why="says that the session is closed", **PAST),
    "minutes": _here(BOARD, **PAST),
    "sealed_shares": _here(CUSTODIANS, anonymous=401, **PAST),
    "opened_document": _here(BOARD, **PAST, document="@opened_document"),
    "sealed_file": _here(BOARD, **PAST, envelope="@envelope"),
}

PLACE, AGENDA, BOOKED = {"place": "@place"}, {"agenda": "@agenda"}, {"booking": "@booking"}
APPOINTMENT_PAGES = {
    "find_appointment": _row(EVERYONE),
    "appointments": _here(EVERYONE),
    "place": _here(EVERYONE, **PLACE),
    "take_slot": _here(EVERYONE, ok=400, why="no place, reason nor hour in the address"),
    "find_booking": _here(EVERYONE),
    "booking": _here(EVERYONE, key="@booking_key"),
    "booking_people": _here(EVERYONE, key="@held_key"),
    "booking_contact": _here(EVERYONE, ok=302, why="who comes is not written yet", key="@held_key"),
    "booking_check": _here(EVERYONE, ok=302, why="who comes is not written yet", key="@held_key"),
    "move_booking": _here(EVERYONE, key="@booking_key"),
    "cancel_booking": _here(EVERYONE, key="@booking_key"),
    "booking_calendar": _here(EVERYONE, key="@booking_key"),
    "join_waiting": _row(EVERYONE),
    "waiting": _row(EVERYONE, key="@waiting_key"),
    "offer": _row(EVERYONE, ok=404, why="not a key of ours", key="nothing"),
    "hub_meeting_points": _row(EVERYONE, ok=401, why="no token"),
    "hub_time_slots": _row(EVERYONE, ok=401, why="no token"),
    "hub_application_ids": _row(EVERYONE, ok=401, why="no token"),
}

RECEPTION_PAGES = {
    "reception": _here(RECEPTION),
    "reception_print": _here(RECEPTION),
    "reception_next": _here(RECEPTION, "post", ok=302, anonymous=401),
    "reception_desk": _here(RECEPTION, "post", ok=302, anonymous=401),
    "reception_absent": _here(RECEPTION, "post", ok=302, anonymous=401),
    "reception_walk_in": _here(RECEPTION),
    "reception_hand_over": _here(RECEPTION, "post", ok=302, anonymous=401),
    "reception_book": _here(RECEPTION),
    "reception_displaced": _here(RECEPTION),
    "reception_booking": _here(RECEPTION, **BOOKED),
    "reception_move": _here(RECEPTION, **BOOKED),
    "reception_cancel": _here(RECEPTION, **BOOKED),
    "reception_slip": _here(RECEPTION, **BOOKED),
    "reception_verb": _here(RECEPTION, "post", ok=302, anonymous=401, **BOOKED, word="arrivee"),
    "reception_screen": _here(RECEPTION, **PLACE),
    "reception_wall": _here(EVERYONE, key="@wall_key"),
    "reception_figures": _here(FIGURES),
    "reception_figures_csv": _here(FIGURES),
}

AGENDA_PAGES = {
    "agendas": _here(AGENDA_MAKERS),
    "agenda_new_place": _here(AGENDA_MAKERS),
    "agenda_place": _here(AGENDA_MAKERS, **PLACE),
    "agenda_new": _here(AGENDA_MAKERS, **PLACE),
    "agenda_close": _here(AGENDA_MAKERS, **PLACE),
    "agenda_exception": _here(AGENDA_MAKERS, exception="@exception"),
    "agenda": _here(AGENDA_MAKERS, **AGENDA),
    "agenda_settings": _here(AGENDA_MAKERS, **AGENDA),
    "agenda_outside": _here(AGENDA_MAKERS, "post", anonymous=401, **AGENDA),
    "agenda_new_resource": _here(AGENDA_MAKERS, **AGENDA),
    "agenda_resource": _here(AGENDA_MAKERS, **AGENDA, resource="@resource"),
    "agenda_hours": _here(AGENDA_MAKERS, **AGENDA, resource="@resource"),
    "agenda_reasons": _here(AGENDA_MAKERS, **AGENDA),
    "agenda_new_reason": _here(AGENDA_MAKERS, **AGENDA),
    "agenda_reason": _here(AGENDA_MAKERS, **AGENDA, reason="@reason"),
    "agenda_open": _here(AGENDA_MAKERS, **AGENDA),
}

GROUP = {"group": "@group"}
MEETING = {**GROUP, "meeting": "@meeting"}
POOLING_COMMITTEE = {
    "group_committee": _here(POOLING, **GROUP),
    "committee_dossier": _here(POOLING, **GROUP),
    "dossier_pdf": _here(POOLING, **GROUP),
    "meeting": _here(POOLING, **MEETING),
    "meeting_calendar": _here(POOLING, **MEETING),
    "meeting_minutes_pdf": _here(POOLING, **GROUP, meeting="@minuted_meeting"),
    "meeting_new": _whole(COORDINATOR, **GROUP),
    "meeting_edit": _whole(COORDINATOR, **MEETING),
    "meeting_call": _whole(COORDINATOR, **MEETING),
    "meeting_cancel": _whole(COORDINATOR, **MEETING),
    "meeting_attendance": _whole(COORDINATOR, **MEETING),
    "meeting_decide": _whole(COORDINATOR, **MEETING),
    "meeting_decide_key": _whole(COORDINATOR, **MEETING),
    "meeting_minutes": _whole(COORDINATOR, **MEETING),
}

PREPARED = {"group": "@prepared"}
POOLING_GROUPS = {
    "groups": _here(POOLING),
    "group_new": _whole(COORDINATOR),
    "group": _here(POOLING, **GROUP),
    "group_edit": _whole(COORDINATOR, **PREPARED),
    "group_start": _whole(COORDINATOR, **PREPARED),
    "group_join": _here(TAKES_PART, group="@joinable"),
    "group_members": _here(POOLING, **GROUP),
    "members_pdf": _here(POOLING, **GROUP),
    "group_invite": _whole(COORDINATOR, **GROUP),
    "membership": _here(TAKES_PART, **GROUP, membership="@membership"),
    "membership_notify": _here(TAKES_PART, **PREPARED, membership="@prospect"),
    "group_needs": _here(POOLING, **GROUP),
    "need_new": _here(TAKES_PART, **GROUP),
    "need": _here(TAKES_PART, **GROUP, need="@need"),
    "needs_consolidate": _whole(COORDINATOR, **GROUP),
    "group_tasks": _here(POOLING, **GROUP),
    "task_new": _whole(COORDINATOR, **GROUP),
    "task": _whole(COORDINATOR, **GROUP, task="@task"),
    "dispute_new": _whole(COORDINATOR, **GROUP),
    "dispute": _here(POOLING, **GROUP, dispute="@dispute"),
    "public_groups": _here(EVERYONE),
    "public_group": _here(EVERYONE, **GROUP),
    "public_group_json": _here(EVERYONE, **GROUP),
}

AGREED, TO_SIGN = {"agreement": "@agreement"}, {"agreement": "@drafted_agreement"}
POOLING_AGREEMENTS = {
    "agreements": _here(POOLING, ok=302, why="straight to the commune's own"),
    "agreement": _here(POOLING, **AGREED),
    "agreement_version": _here(POOLING, **AGREED, number="2"),
    "agreement_pdf": _here(POOLING, **AGREED, number="1"),
    "agreement_attach": _here(TAKES_PART, **TO_SIGN),
    "agreement_notice": _here(TAKES_PART, **AGREED),
    "agreement_new": _whole(COORDINATOR),
    "agreement_edit": _whole(COORDINATOR, **TO_SIGN),
    "agreement_sign": _whole(COORDINATOR, **TO_SIGN),
    "agreement_discard": _whole(COORDINATOR, **TO_SIGN),
    "agreement_amendment": _whole(COORDINATOR, **AGREED),
    "agreement_amend": _whole(COORDINATOR, **AGREED),
    "agreement_amendment_drop": _whole(COORDINATOR, **AGREED),
    "agreement_terminate": _whole(COORDINATOR, **AGREED),
}

POOLING_SIMULATOR = {
    "simulator": _here(POOLING, **GROUP),
    "simulator_pdf": _here(POOLING, **GROUP),
    "simulator_csv": _here(POOLING, **GROUP),
    "public_simulation": _here(EVERYONE, key="@simulation"),
}

INVOICE = {**GROUP, "invoice": "@invoice"}
FRAMEWORK, ORDER = {**GROUP, "framework": "@framework"}, {**GROUP, "order": "@order"}
ISSUED, SHARED = {**GROUP, "order": "@issued_order"}, {**GROUP, "order": "@shared_order"}
POOLING_ORDERS = {
    "group_frameworks": _here(POOLING, **GROUP),
    "framework": _here(POOLING, **FRAMEWORK),
    "framework_prices": _here(POOLING, **FRAMEWORK),
    "framework_new": _whole(COORDINATOR, **GROUP),
    "framework_edit": _whole(COORDINATOR, **FRAMEWORK),
    "framework_schedule": _whole(COORDINATOR, **FRAMEWORK),
    "framework_amend": _whole(COORDINATOR, **FRAMEWORK),
    "framework_member": _whole(COORDINATOR, **FRAMEWORK, member="@commune_id"),
    "group_orders": _here(POOLING, **GROUP),
    "order": _here(POOLING, **ORDER),
    "order_new": _here(ORDERS, **GROUP),
    "order_edit": _here(ORDERS, **ORDER),
    "order_inform": _here(ORDERS, **ORDER),
    "order_answer": _here(TAKES_PART, **GROUP, order="@their_order"),
    "order_join": _here(ORDERS, **SHARED, member="@coordinator_id"),
    "order_rework": _here(ORDERS, **SHARED),
    "order_issue": _here(TAKES_PART, **SHARED),
    "order_delivery": _here(ORDERS, **ISSUED),
    "order_cancel": _here(ORDERS, **ORDER),
    "order_pdf": _here(POOLING, **ISSUED),
    "order_json": _here(POOLING, anonymous=401, **ISSUED),
}

POOLING_INVOICES = {
    "group_invoices": _here(POOLING, **GROUP),
    "invoice": _here(POOLING, **INVOICE),
    "invoice_json": _here(POOLING, anonymous=401, **INVOICE),
    "invoice_receive": _here(INVOICES, **GROUP),
    "invoice_enter": _here(INVOICES, **GROUP),
    "invoice_match": _here(INVOICES, "post", ok=422, anonymous=401, why="no order is chosen", **INVOICE),
    "invoice_refuse": _here(INVOICES, **INVOICE),
    "invoice_unmatch": _here(INVOICES, **GROUP, invoice="@matched_invoice"),
    "order_payment": _here(INVOICES, **GROUP, order="@billed_order"),
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
    "components": _row(EVERYONE),
    "mailbox": _row(EVERYONE),
    "local_identity": _row(EVERYONE, audience="agents"),
    "local_identity_keys": _row(EVERYONE, audience="agents"),
    "local_identity_authorize": _row(EVERYONE, ok=404, why="asked by nobody", audience="agents"),
    "local_identity_token": _row(EVERYONE, "post", ok=400, why="no code", audience="agents"),
    "local_identity_person": _row(EVERYONE, ok=401, why="no token", audience="agents"),
    "local_coordination": _row(EVERYONE),
    "local_coordination_status": _row(EVERYONE, ok=422, why="no parameters"),
    "local_coordination_appointments": _row(EVERYONE, "post", ok=422, why="no parameters"),
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
    **POOLING_COMMITTEE,
    **POOLING_SIMULATOR,
    **POOLING_GROUPS,
    **POOLING_AGREEMENTS,
    **POOLING_ORDERS,
    **POOLING_INVOICES,
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
