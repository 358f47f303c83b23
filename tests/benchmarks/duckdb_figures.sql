-- By the date created.
WITH cube AS (
    SELECT
        month,
        channel,
        count(*) AS tickets,
        count(wait) AS answered,
        sum(wait) AS waited,
        count(*) FILTER (wait IS NULL AND NOT finished) AS waiting,
        count(*) FILTER (wait <= target) AS in_time,
        count(*) FILTER (wait IS NULL AND NOT finished AND older(created, target)) AS late,
        count(work) AS solved,
        count(*) FILTER (work <= 86400) AS solved_in_time,
        count(*) FILTER (work IS NULL AND NOT finished) AS unsolved,
        count(*) FILTER (work IS NULL AND NOT finished AND older(created, 86400)) AS unsolved_late,
        count(*) FILTER (finished OR reopens > 0) AS ever_solved,
        count(*) FILTER (reopens > 0) AS reopened,
        count(level) AS levels,
        count(*) FILTER (level >= 1) AS escalated,
        count(*) FILTER (complaint) AS complaints,
        count(work) FILTER (complaint) AS complaints_solved,
        count(*) FILTER (complaint AND finished) AS complaints_finished,
        count(*) FILTER (complaint AND work <= 86400) AS complaints_in_time,
        count(*) FILTER (complaint AND work IS NULL AND NOT finished) AS complaints_unsolved,
        count(*) FILTER (complaint AND work IS NULL AND NOT finished AND older(created, 86400)) AS complaints_late
    FROM tickets
    GROUP BY month, channel
),
rolled AS (
    SELECT cell(month, channel) AS cell, sum(COLUMNS(* EXCLUDE (month, channel)))::BIGINT
    FROM cube
    GROUP BY GROUPING SETS ((), (month), (channel))
)
SELECT
    cell,
    tickets AS "tickets_created.value",
    tickets AS "tickets_created.n",
    waited / answered AS "first_response_time.value",
    answered AS "first_response_time.n",
    waiting AS "first_response_time.pending",
    in_time / (answered + late) AS "first_response_within_target.value",
    answered + late AS "first_response_within_target.n",
    in_time AS "first_response_within_target.hits",
    late AS "first_response_within_target.overdue",
    waiting - late AS "first_response_within_target.pending",
    solved_in_time / (solved + unsolved_late) AS "resolution_within_target.value",
    solved + unsolved_late AS "resolution_within_target.n",
    solved_in_time AS "resolution_within_target.hits",
    unsolved_late AS "resolution_within_target.overdue",
    unsolved - unsolved_late AS "resolution_within_target.pending",
    unsolved AS "resolution_time.pending",
    reopened / ever_solved AS "reopen_rate.value",
    ever_solved AS "reopen_rate.n",
    reopened AS "reopen_rate.hits",
    escalated / levels AS "escalation_rate.value",
    levels AS "escalation_rate.n",
    escalated AS "escalation_rate.hits",
    complaints AS "complaints.value",
    complaints AS "complaints.n",
    complaints / tickets AS "complaints.share_of_tickets",
    100 * complaints / tickets AS "complaint_density.value",
    tickets AS "complaint_density.n",
    complaints AS "complaint_density.complaints",
    complaints_in_time / (complaints_solved + complaints_late) AS "complaint_within_target.value",
    complaints_solved + complaints_late AS "complaint_within_target.n",
    complaints_in_time AS "complaint_within_target.hits",
    complaints_late AS "complaint_within_target.overdue",
    complaints_unsolved - complaints_late AS "complaint_within_target.pending",
    complaints_unsolved AS "complaint_processing_time.pending",
    complaints_finished / complaints AS "complaint_resolution_rate.value",
    complaints AS "complaint_resolution_rate.n",
    complaints_finished AS "complaint_resolution_rate.hits"
FROM rolled;

-- By the date solved; `repeats` are followed by a contact of the same customer on the same issue within 7 days.
WITH repeats AS (
    SELECT this.solved_month AS month, this.channel, count(DISTINCT this.rowid) AS repeats
    FROM tickets AS this
    JOIN tickets AS later
        ON later.issue = this.issue
        AND later.created > this.solved
        AND later.created <= this.solved + INTERVAL 7 DAY
    WHERE this.solved <= getvariable('as_of') - INTERVAL 7 DAY
    GROUP BY ALL
),
cube AS (
    SELECT
        solved_month AS month,
        channel,
        count(*) AS solved,
        sum(work) AS worked,
        count(replies) AS replied,
        count(*) FILTER (replies = 1 AND coalesce(reopens, 0) = 0) AS one_touch,
        count(*) FILTER (solved <= getvariable('as_of') - INTERVAL 7 DAY AND customer IS NOT NULL) AS followable,
        count(*) FILTER (complaint) AS complaints,
        sum(work) FILTER (complaint) AS complaints_worked,
        count(level) FILTER (complaint) AS complaint_levels,
        count(*) FILTER (complaint AND level < 2) AS without_management
    FROM tickets
    WHERE solved IS NOT NULL
    GROUP BY ALL
),
rolled AS (
    SELECT cell(month, channel) AS cell, sum(COLUMNS(* EXCLUDE (month, channel)))::BIGINT
    FROM cube
    LEFT JOIN repeats USING (month, channel)
    GROUP BY GROUPING SETS ((), (month), (channel))
)
SELECT
    cell,
    solved AS "tickets_solved.value",
    solved AS "tickets_solved.n",
    worked / solved AS "resolution_time.value",
    solved AS "resolution_time.n",
    one_touch / replied AS "one_touch_rate.value",
    replied AS "one_touch_rate.n",
    one_touch AS "one_touch_rate.hits",
    coalesce(repeats, 0) / followable AS "repeat_contact_rate.value",
    followable AS "repeat_contact_rate.n",
    repeats AS "repeat_contact_rate.hits",
    complaints_worked / complaints AS "complaint_processing_time.value",
    complaints AS "complaint_processing_time.n",
    without_management / complaint_levels AS "complaints_without_management.value",
    complaint_levels AS "complaints_without_management.n",
    without_management AS "complaints_without_management.hits"
FROM rolled;

SELECT
    cell(month, channel) AS cell,
    count(*) FILTER (known AND repeated) AS "complaint_repeat_rate.hits",
    count(*) FILTER (known) AS "complaint_repeat_rate.n",
    "complaint_repeat_rate.hits" / "complaint_repeat_rate.n" AS "complaint_repeat_rate.value"
FROM complaints
GROUP BY GROUPING SETS ((), (month), (channel));

-- Order statistics.
SELECT
    cell(month, channel) AS cell,
    quantile_cont(wait, 0.5) AS "first_response_time.median",
    quantile_cont(wait, 0.9) AS "first_response_time.p90"
FROM tickets
GROUP BY GROUPING SETS ((), (month), (channel));

SELECT
    cell(solved_month, channel) AS cell,
    quantile_cont(work, 0.5) AS "resolution_time.median",
    quantile_cont(work, 0.9) AS "resolution_time.p90"
FROM tickets
WHERE work IS NOT NULL
GROUP BY GROUPING SETS ((), (solved_month), (channel));

SELECT
    cell(solved_month, channel) AS cell,
    quantile_cont(work, 0.5) AS "complaint_processing_time.median",
    quantile_cont(work, 0.9) AS "complaint_processing_time.p90"
FROM tickets
WHERE work IS NOT NULL AND complaint
GROUP BY GROUPING SETS ((), (solved_month), (channel));

SELECT
    cell(month, channel) AS cell,
    count(*) AS "backlog.value",
    count(*) AS "backlog.n",
    count(*) FILTER (age > getvariable('overdue_limit')) AS "backlog_overdue.value",
    count(*) FILTER (age > getvariable('overdue_limit')) AS "backlog_overdue.n",
    getvariable('overdue_limit') AS "backlog_overdue.limit_seconds",
    "backlog_overdue.value" / "backlog.value" AS "backlog_overdue.share_of_backlog",
    quantile_cont(age, 0.5) AS "backlog_age.value",
    count(*) AS "backlog_age.n",
    quantile_cont(age, 0.9) AS "backlog_age.p90",
    max(age) AS "backlog_age.maximum",
    count(*) FILTER (age < 86400) AS "backlog_age.bands.under 1 day",
    count(*) FILTER (age >= 86400 AND age < 3 * 86400) AS "backlog_age.bands.1–3 days",
    count(*) FILTER (age >= 3 * 86400 AND age < 7 * 86400) AS "backlog_age.bands.3–7 days",
    count(*) FILTER (age >= 7 * 86400 AND age < 30 * 86400) AS "backlog_age.bands.7–30 days",
    count(*) FILTER (age >= 30 * 86400) AS "backlog_age.bands.over 30 days"
FROM backlog
GROUP BY GROUPING SETS ((last), (month), (last, channel))
HAVING month IS NOT NULL OR last;

SELECT
    cell(month, NULL) AS cell,
    arg_max(channel, customers ORDER BY channel) AS "preferred_channel.value",
    sum(customers)::BIGINT AS "preferred_channel.n",
    max(customers) / sum(customers) AS "preferred_channel.share",
    map_from_entries(list((channel, customers))) AS "preferred_channel.table",
    sum(contacts)::BIGINT AS "contacts_per_customer.n",
    sum(customers)::BIGINT AS "contacts_per_customer.distinct",
    sum(contacts) / sum(customers) AS "contacts_per_customer.value"
FROM favourites
GROUP BY month;

SELECT
    channel AS cell,
    sum(contacts)::BIGINT AS "contacts_per_customer.n",
    count(*) AS "contacts_per_customer.distinct",
    sum(contacts) / count(*) AS "contacts_per_customer.value"
FROM contacts
WHERE month IS NULL
GROUP BY channel;

-- The ten customers with most contacts, and their names; of equal ones, the first by name.
WITH busy AS (
    SELECT month, NULL::channels AS channel, sum(contacts)::BIGINT AS contacts FROM contacts GROUP BY month, customer
    UNION ALL
    SELECT NULL, channel, contacts FROM contacts WHERE month IS NULL
)
SELECT
    cell(month, channel) AS cell,
    sum(contacts)::BIGINT AS "customer_concentration.n",
    count(*) AS "customer_concentration.distinct",
    list_sum(max(contacts, 10)) / sum(contacts) AS "customer_concentration.value"
FROM busy
GROUP BY month, channel;

WITH busy AS (
    SELECT customer, sum(contacts)::BIGINT AS contacts FROM contacts WHERE month IS NULL GROUP BY customer
),
candidates AS (
    FROM busy WHERE contacts >= (SELECT list_min(max(contacts, 10)) FROM busy)
),
named AS (
    SELECT DISTINCT customer_id, contacts FROM source JOIN candidates ON customer = hash(customer_id)
),
most AS (
    FROM named ORDER BY contacts DESC, customer_id LIMIT 10
)
SELECT 'overall' AS cell, map_from_entries(list((customer_id, contacts))) AS "customer_concentration.table" FROM most;

-- Whom open tickets wait for, at the end of the window; what came and what went.
WITH counted AS (
    SELECT
        channel,
        count(*) AS inflow,
        count(solved) AS outflow,
        count(waits_for) FILTER (solved IS NULL) AS n,
        count(*) FILTER (solved IS NULL AND waits_for = 'us') AS us,
        count(*) FILTER (solved IS NULL AND waits_for = 'customer') AS customer,
        count(*) FILTER (solved IS NULL AND waits_for = 'third party') AS third
    FROM tickets
    GROUP BY channel
),
rolled AS (
    SELECT cell(NULL, channel) AS cell, sum(COLUMNS(* EXCLUDE channel))::BIGINT
    FROM counted
    GROUP BY GROUPING SETS ((), (channel))
),
told AS (
    FROM rolled
    UNION ALL
    SELECT cell(date_trunc('month', getvariable('as_of'))::DATE, NULL), * EXCLUDE cell FROM rolled WHERE cell = 'overall'
)
SELECT
    cell,
    us / n AS "backlog_causes.value",
    n AS "backlog_causes.n",
    us AS "backlog_causes.hits",
    inflow AS "backlog_causes.inflow",
    outflow AS "backlog_causes.outflow",
    map {'us': us, 'customer': customer, 'third party': third} AS "backlog_causes.table"
FROM told;

-- Shares of channels and, among complaints, of products; the value is the greatest share.
WITH counted AS (
    SELECT month, channel, count(*) AS n FROM tickets GROUP BY GROUPING SETS ((channel), (month, channel))
)
SELECT
    cell(month, NULL) AS cell,
    max(n) / sum(n) AS "channel_share.value",
    sum(n)::BIGINT AS "channel_share.n",
    arg_max(channel, n ORDER BY channel) AS "channel_share.top",
    map_from_entries(list((channel, n))) AS "channel_share.table",
    "channel_share.table" AS "complaint_density.table"
FROM counted
GROUP BY month;

WITH counted AS (
    SELECT month, channel, product, count(*) AS n
    FROM complaints
    GROUP BY GROUPING SETS ((product), (month, product), (channel, product))
)
SELECT
    cell(month, channel) AS cell,
    max(n) / sum(n) AS "complaints_by_product.value",
    sum(n)::BIGINT AS "complaints_by_product.n",
    arg_max(product, n ORDER BY product) AS "complaints_by_product.top",
    map_from_entries(list((product, n))) AS "complaints_by_product.table"
FROM counted
GROUP BY month, channel;
