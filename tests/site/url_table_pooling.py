"""Who gets what at the addresses of pooling; @names are made in tests/site/url_pooling.py."""

from tests.site.url_rows import COORDINATOR, EVERYONE, INVOICES, ORDERS, POOLING, TAKES_PART, here, whole
from tests.site.url_world import HERE

GROUP = {"group": "@group"}
MEETING = {**GROUP, "meeting": "@meeting"}
POOLING_COMMITTEE = {
    "group_committee": here(POOLING, **GROUP),
    "committee_dossier": here(POOLING, **GROUP),
    "dossier_pdf": here(POOLING, **GROUP),
    "meeting": here(POOLING, **MEETING),
    "meeting_calendar": here(POOLING, **MEETING),
    "meeting_minutes_pdf": here(POOLING, **GROUP, meeting="@minuted_meeting"),
    "meeting_new": whole(COORDINATOR, **GROUP),
    "meeting_edit": whole(COORDINATOR, **MEETING),
    "meeting_call": whole(COORDINATOR, **MEETING),
    "meeting_cancel": whole(COORDINATOR, **MEETING),
    "meeting_attendance": whole(COORDINATOR, **MEETING),
    "meeting_decide": whole(COORDINATOR, **MEETING),
    "meeting_decide_key": whole(COORDINATOR, **MEETING),
    "meeting_minutes": whole(COORDINATOR, **MEETING),
}

PREPARED = {"group": "@prepared"}
POOLING_GROUPS = {
    "groups": here(POOLING),
    "group_new": whole(COORDINATOR),
    "group": here(POOLING, **GROUP),
    "group_edit": whole(COORDINATOR, **PREPARED),
    "group_start": whole(COORDINATOR, **PREPARED),
    "group_join": here(TAKES_PART, group="@joinable"),
    "group_members": here(POOLING, **GROUP),
    "members_pdf": here(POOLING, **GROUP),
    "group_invite": whole(COORDINATOR, **GROUP),
    "membership": here(TAKES_PART, **GROUP, membership="@membership"),
    "membership_notify": here(TAKES_PART, **PREPARED, membership="@prospect"),
    "group_needs": here(POOLING, **GROUP),
    "need_new": here(TAKES_PART, **GROUP),
    "need": here(TAKES_PART, **GROUP, need="@need"),
    "needs_consolidate": whole(COORDINATOR, **GROUP),
    "group_tasks": here(POOLING, **GROUP),
    "task_new": whole(COORDINATOR, **GROUP),
    "task": whole(COORDINATOR, **GROUP, task="@task"),
    "dispute_new": whole(COORDINATOR, **GROUP),
    "dispute": here(POOLING, **GROUP, dispute="@dispute"),
    "public_groups": here(EVERYONE),
    "public_group": here(EVERYONE, **GROUP),
    "public_group_json": here(EVERYONE, **GROUP),
}

AGREED, TO_SIGN = {"agreement": "@agreement"}, {"agreement": "@drafted_agreement"}
POOLING_AGREEMENTS = {
    "agreements": here(POOLING, ok=302, why="straight to the commune's own"),
    "agreement": here(POOLING, **AGREED),
    "agreement_version": here(POOLING, **AGREED, number="2"),
    "agreement_pdf": here(POOLING, **AGREED, number="1"),
    "agreement_attach": here(TAKES_PART, **TO_SIGN),
    "agreement_notice": here(TAKES_PART, **AGREED),
    "agreement_new": whole(COORDINATOR),
    "agreement_edit": whole(COORDINATOR, **TO_SIGN),
    "agreement_sign": whole(COORDINATOR, **TO_SIGN),
    "agreement_discard": whole(COORDINATOR, **TO_SIGN),
    "agreement_amendment": whole(COORDINATOR, **AGREED),
    "agreement_amend": whole(COORDINATOR, **AGREED),
    "agreement_amendment_drop": whole(COORDINATOR, **AGREED),
    "agreement_terminate": whole(COORDINATOR, **AGREED),
}

POOLING_SIMULATOR = {
    "simulator": here(POOLING, **GROUP),
    "simulator_pdf": here(POOLING, **GROUP),
    "simulator_csv": here(POOLING, **GROUP),
    "public_simulation": here(EVERYONE, key="@simulation"),
}

INVOICE = {**GROUP, "invoice": "@invoice"}
FRAMEWORK, ORDER = {**GROUP, "framework": "@framework"}, {**GROUP, "order": "@order"}
ISSUED, SHARED = {**GROUP, "order": "@issued_order"}, {**GROUP, "order": "@shared_order"}
POOLING_ORDERS = {
    "group_frameworks": here(POOLING, **GROUP),
    "framework": here(POOLING, **FRAMEWORK),
    "framework_prices": here(POOLING, **FRAMEWORK),
    "framework_new": whole(COORDINATOR, **GROUP),
    "framework_edit": whole(COORDINATOR, **FRAMEWORK),
    "framework_schedule": whole(COORDINATOR, **FRAMEWORK),
    "framework_amend": whole(COORDINATOR, **FRAMEWORK),
    "framework_earlier": whole(COORDINATOR, **FRAMEWORK),
    "framework_member": whole(COORDINATOR, **FRAMEWORK, member="@commune_id"),
    "group_orders": here(POOLING, **GROUP),
    "order": here(POOLING, **ORDER),
    "order_new": here(ORDERS, **GROUP),
    "order_edit": here(ORDERS, **ORDER),
    "order_inform": here(ORDERS, **ORDER),
    "order_answer": here(TAKES_PART, **GROUP, order="@their_order"),
    "order_join": here(ORDERS, **SHARED, member="@coordinator_id"),
    "order_rework": here(ORDERS, **SHARED),
    "order_issue": here(TAKES_PART, **SHARED),
    "order_delivery": here(ORDERS, **ISSUED),
    "order_reserves": here(ORDERS, **ISSUED),
    "order_cancel": here(ORDERS, **ORDER),
    "order_pdf": here(POOLING, **ISSUED),
    "order_json": here(POOLING, anonymous=401, **ISSUED),
}

POOLING_INVOICES = {
    "group_invoices": here(POOLING, **GROUP),
    "invoice": here(POOLING, **INVOICE),
    "invoice_json": here(POOLING, anonymous=401, **INVOICE),
    "invoice_receive": here(INVOICES, **GROUP),
    "invoice_enter": here(INVOICES, **GROUP),
    "invoice_match": here(INVOICES, "post", ok=422, anonymous=401, why="no order is chosen", **INVOICE),
    "invoice_refuse": here(INVOICES, **INVOICE),
    "invoice_unmatch": here(INVOICES, **GROUP, invoice="@matched_invoice"),
    "order_payment": here(INVOICES, **GROUP, order="@billed_order"),
}

COST = {**GROUP, "cost": "@cost"}
POOLING_COSTS = {
    "group_costs": here(POOLING, **GROUP),
    "costs_csv": here(POOLING, **GROUP, year="2026"),
    "member_shares": here(POOLING, **GROUP, year="2026", member=HERE),
    "cost": here(POOLING, **COST),
    "cost_share": here(POOLING, **COST, member=HERE),
    "cost_new": here(TAKES_PART, **GROUP),
    "cost_edit": here(TAKES_PART, **COST),
    "cost_close": here(TAKES_PART, **COST),
    "cost_remove": here(
        TAKES_PART, "post", ok=302, anonymous=401, why="back to the year", **GROUP, cost="@removable_cost"
    ),
    "cost_keys": here(POOLING, **GROUP),
    "keys_usual": whole(COORDINATOR, "post", ok=302, anonymous=401, why="back to the keys", **GROUP),
    "key_new": whole(COORDINATOR, **GROUP),
    "group_eservices": here(POOLING, **GROUP),
    "eservice_add": here(TAKES_PART, **GROUP),
    "eservice_end": here(TAKES_PART, **GROUP, use="@eservice_use"),
    "group_populations": here(POOLING, **GROUP),
    "populations_new": whole(COORDINATOR, **GROUP),
    "populations_paste": whole(COORDINATOR, **GROUP),
}

YEAR = {**GROUP, "year": "2027"}
STATEMENT = {**GROUP, "statement": "@statement"}
POOLING_STATEMENTS = {
    "group_statements": here(POOLING, **GROUP),
    "statement_formats": here(POOLING, **GROUP),
    "statement_billing": here(INVOICES, **GROUP),
    "statement_call": here(TAKES_PART, **YEAR, rank="2"),
    "statement_closing": here(TAKES_PART, **YEAR),
    "statements_csv": here(POOLING, **YEAR),
    "statements_zip": here(POOLING, **YEAR),
    "statement": here(POOLING, **STATEMENT),
    "statement_pdf": here(POOLING, **STATEMENT),
    "statement_json": here(POOLING, anonymous=401, **STATEMENT),
    "statement_recompute": here(POOLING, **STATEMENT),
    "statement_credit": here(TAKES_PART, **STATEMENT),
    "statement_payment": here(INVOICES, **STATEMENT),
    "payment_correct": here(INVOICES, **STATEMENT, payment="@payment"),
}

POOLING_PAGES = {
    "pooling": here(POOLING),
    "paper": here(POOLING, paper="@paper"),
    **POOLING_COMMITTEE,
    **POOLING_GROUPS,
    **POOLING_AGREEMENTS,
    **POOLING_SIMULATOR,
    **POOLING_ORDERS,
    **POOLING_INVOICES,
    **POOLING_COSTS,
    **POOLING_STATEMENTS,
}
