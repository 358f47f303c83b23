"""The clocks metrics go by."""

from cx_kpi.metrics.metric import Clock, Cohort

CREATED = Clock("created", "tickets", "created_at", Cohort.CREATED)
SOLVED = Clock("solved", "tickets", "solved_at", Cohort.SOLVED)
OPEN = Clock("open", "tickets", "opened_at", Cohort.STOCK, until="ended_at")
QUEUED = Clock("queued", "calls", "queued_at", Cohort.EVENT)
SENT = Clock("sent", "surveys", "sent_at", Cohort.EVENT)
RATED = Clock("rated", "surveys", "responded_at", Cohort.EVENT)
ACTIVE = Clock("active at start", "customers", "started_at", Cohort.STOCK, until="ended_at", opening=True)
CUSTOMERS = Clock("active", "customers", "started_at", Cohort.STOCK, until="ended_at")
LISTED = Clock("listed", "customers", "started_at", Cohort.STOCK, undated=True)
BUYING = Clock("buying at start", "activity", "started_at", Cohort.STOCK, until="ended_at", opening=True)
COUNTED = Clock("counted", "customer_counts", "period_start", Cohort.STOCK)
