"""The clocks metrics go by."""

from cx_kpi.metrics.definition.metric import Clock, Cohort
from cx_kpi.wording.language import mark

CREATED = Clock(mark("created"), "tickets", "created_at", Cohort.CREATED)
SOLVED = Clock(mark("solved"), "tickets", "solved_at", Cohort.SOLVED)
FIRST_SOLVED = Clock(mark("first solved"), "tickets", "first_solved_at", Cohort.SOLVED)
ANSWERED = Clock(mark("answered"), "tickets", "first_response_at", Cohort.EVENT)
OPEN = Clock(mark("open"), "tickets", "opened_at", Cohort.STOCK, until="ended_at", spells="open_spells")
WRITTEN = Clock(mark("written"), "ticket_events", "at", Cohort.EVENT)
ORDERED = Clock(mark("ordered"), "orders", "ordered_at", Cohort.EVENT)
QUEUED = Clock(mark("queued"), "calls", "queued_at", Cohort.EVENT)
SENT = Clock(mark("sent"), "surveys", "sent_at", Cohort.EVENT)
RATED = Clock(mark("rated"), "surveys", "responded_at", Cohort.EVENT)
ACTIVE = Clock(
    mark("active at start"), "customers", "started_at", Cohort.STOCK, until="ended_at", opening=True
)
CUSTOMERS = Clock(mark("active"), "customers", "started_at", Cohort.STOCK, until="ended_at")
LISTED = Clock(mark("listed"), "customers", "started_at", Cohort.STOCK, undated=True)
BUYING = Clock(
    mark("buying at start"),
    "activity",
    "started_at",
    Cohort.STOCK,
    until="ended_at",
    opening=True,
    who="customer_id",
)
COUNTED = Clock(mark("counted"), "customer_counts", "period_start", Cohort.STOCK)
