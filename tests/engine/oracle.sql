-- The metric catalogue a second time, from its definitions, for DuckDB. The test fills the tables, `slices` (one
-- row a window or segment: cell, start, stop and the value of each dimension, '*' for any, '' for unknown),
-- `months` and the settings. Columns after `n` are details; each query is headed by the id of its metric.

-- setup
CREATE MACRO as_of() AS (SELECT as_of FROM settings);
CREATE MACRO seen() AS (SELECT seen FROM settings);  -- what came later is hidden: the moment set, else never
CREATE MACRO secs(a, b) AS (epoch_us(a) - epoch_us(b)) / 1e6;
CREATE MACRO hit(dimension, value) AS dimension IN ('*', coalesce(value, ''));
CREATE MACRO share(hits, n) AS CASE WHEN n > 0 THEN hits / n END;

CREATE TABLE tickets AS SELECT * REPLACE (
    CASE WHEN first_response_at <= seen() THEN first_response_at END AS first_response_at,
    CASE WHEN solved_at <= seen() THEN solved_at END AS solved_at,
    CASE WHEN first_solved_at <= seen() THEN first_solved_at END AS first_solved_at,
    CASE WHEN closed_at <= seen() THEN closed_at END AS closed_at,
    is_solved AND coalesce(coalesce(solved_at, closed_at) <= seen(), true) AS is_solved
) FROM raw_tickets WHERE created_at <= seen();
CREATE TABLE surveys AS SELECT * REPLACE (
    CASE WHEN responded_at <= seen() THEN score END AS score,
    CASE WHEN responded_at <= seen() THEN comment END AS comment,
    CASE WHEN responded_at <= seen() THEN responded_at END AS responded_at,
    CASE WHEN sent_at <= seen() THEN sent_at END AS sent_at
) FROM raw_surveys;
CREATE TABLE calls AS SELECT * REPLACE (
    CASE WHEN answered_at > seen() THEN NULL ELSE disposition END AS disposition,
    CASE WHEN answered_at > seen() THEN NULL ELSE wait_seconds END AS wait_seconds
) FROM raw_calls WHERE queued_at <= seen();
CREATE TABLE orders AS SELECT * FROM raw_orders WHERE ordered_at <= seen();
CREATE TABLE events AS SELECT *, "at" AS wrote FROM raw_ticket_events WHERE "at" <= seen();
CREATE TABLE customers AS SELECT * REPLACE (CASE WHEN ended_at <= as_of() THEN ended_at END AS ended_at)
    FROM raw_customers WHERE coalesce(started_at <= as_of(), true);
CREATE TABLE counts AS SELECT * FROM raw_customer_counts WHERE period_start <= seen();

CREATE VIEW facts AS SELECT *,
    secs(first_response_at, created_at) AS wait,
    secs(solved_at, created_at) AS work,
    secs(first_solved_at, created_at) AS first_work,
    secs(as_of(), created_at) AS age,
    coalesce(initiator NOT IN ('agent', 'bot'), true) AS asked,
    CASE channel WHEN 'phone' THEN 240 WHEN 'chat' THEN 120 WHEN 'social' THEN 3600
        WHEN 'email' THEN 86400 WHEN 'web' THEN 86400 END AS answer_goal,
    86400 AS solve_goal,
    coalesce(solved_at, CASE WHEN is_solved THEN closed_at END) AS ended,
    CASE WHEN cost IS NOT NULL OR handle_seconds IS NOT NULL
        THEN coalesce(cost, 0) + coalesce(handle_seconds / 3600 * (SELECT hourly_rate FROM settings), 0) END AS money,
    coalesce(escalated_to_management, escalation_level >= 2) AS managed,
FROM tickets;

CREATE VIEW created AS SELECT s.cell, s.start, s.stop, t.* FROM slices s LEFT JOIN facts t
    ON t.created_at >= s.start AND t.created_at < s.stop AND s.queue = '*'
    AND hit(s.channel, t.channel) AND hit(s.product, t.product) AND hit(s.segment, t.segment);
CREATE VIEW solved AS SELECT s.cell, s.start, s.stop, t.* FROM slices s LEFT JOIN facts t
    ON t.solved_at >= s.start AND t.solved_at < s.stop AND s.queue = '*'
    AND hit(s.channel, t.channel) AND hit(s.product, t.product) AND hit(s.segment, t.segment);
CREATE VIEW stock AS SELECT s.cell, s.start, s.stop, t.*, secs(least(s.stop, as_of()), t.created_at) AS open_for
    FROM slices s LEFT JOIN facts t
    ON t.created_at < s.stop AND (t.ended >= s.stop OR (t.ended IS NULL AND NOT t.is_solved)) AND s.queue = '*'
    AND hit(s.channel, t.channel) AND hit(s.product, t.product) AND hit(s.segment, t.segment);
CREATE VIEW queued AS SELECT s.cell, t.*,
        coalesce(disposition IN ('answered', 'abandoned', 'voicemail', 'callback'), false)
        AND coalesce(direction <> 'outbound', true) AS offered
    FROM slices s LEFT JOIN calls t ON t.queued_at >= s.start AND t.queued_at < s.stop
    AND hit(s.queue, t.queue) AND s.channel = '*' AND s.product = '*' AND s.segment = '*';
CREATE VIEW members AS SELECT s.cell, s.start, s.stop, t.* FROM slices s LEFT JOIN customers t
    ON hit(s.segment, t.segment) AND s.channel = '*' AND s.product = '*' AND s.queue = '*';

-- the scale of an answer: its own, else the one its kind of survey must be on, going by the scores there are
-- (what lies beyond 0–10 is a slip while it is less than a tenth; a slip is no answer)
CREATE VIEW kinds AS SELECT kind, min(score) FILTER (score BETWEEN 0 AND 10) AS low,
    max(score) FILTER (score BETWEEN 0 AND 10) AS high, min(score) AS least, max(score) AS most,
    count(*) FILTER (score NOT BETWEEN 0 AND 10) >= 0.1 * count(score) AS wide, count(score) AS n
    FROM surveys GROUP BY kind;
CREATE VIEW scales AS SELECT kind, low, high,
    CASE WHEN wide THEN [least(0, least), greatest(100, most)]
        WHEN kind = 'nps' AND low >= 0 AND high <= 10 AND high > 5 AND NOT (low = 1 AND high = 10 AND n >= 50) THEN [0, 10]
        WHEN kind = 'ces' AND low >= 1 AND high <= 7 THEN [1, 7]
        WHEN kind IN ('sps', 'self') AND low >= 1 AND high <= 5 THEN [1, 5]
        WHEN low >= 0 AND high <= 1 THEN [0, 1] WHEN low >= 1 AND high <= 5 THEN [1, 5]
        WHEN low >= 1 AND high <= 7 THEN [1, 7] WHEN low < 1 THEN [0, 10] ELSE [1, 10] END AS scale
FROM kinds WHERE least IS NOT NULL;
CREATE VIEW answers AS SELECT * REPLACE (CASE WHEN score BETWEEN bottom AND top THEN score END AS score) FROM (SELECT s.*,
    coalesce(s.scale_min, k.scale[1])::DOUBLE AS bottom, coalesce(s.scale_max, k.scale[2])::DOUBLE AS top,
    t.is_complaint AS on_complaint, t.is_solved AS on_solved
FROM surveys s LEFT JOIN scales k USING (kind) LEFT JOIN tickets t ON s.ticket_id = t.ticket_id);
CREATE VIEW main_scale AS SELECT bottom, top FROM answers WHERE kind = 'csat' AND score IS NOT NULL
    GROUP BY ALL ORDER BY count(*) DESC, top DESC LIMIT 1;
CREATE VIEW placed AS SELECT s.cell, t.*,
        row_number() OVER (PARTITION BY s.cell, kind, t.ticket_id, score IS NULL ORDER BY responded_at DESC, nr DESC) AS per_ticket,
        row_number() OVER (PARTITION BY s.cell, kind, t.customer_id, score IS NULL ORDER BY responded_at DESC, nr DESC) AS per_customer,
    FROM (SELECT * FROM slices WHERE window_only) s JOIN answers t ON t.responded_at >= s.start AND t.responded_at < s.stop;
CREATE VIEW rated AS SELECT s.cell, t.* EXCLUDE (cell, per_ticket, per_customer),
        t.ticket_id IS NULL OR per_ticket = 1 AS about, t.customer_id IS NULL OR per_customer = 1 AS respondent
    FROM slices s LEFT JOIN placed t ON t.cell = s.of_window AND s.queue = '*' AND s.segment = '*'
    AND hit(s.channel, t.channel) AND hit(s.product, t.product);
CREATE VIEW sent AS SELECT s.cell, t.* FROM slices s LEFT JOIN answers t
    ON t.sent_at >= s.start AND t.sent_at < s.stop AND s.queue = '*' AND s.segment = '*'
    AND hit(s.channel, t.channel) AND hit(s.product, t.product);

-- open hours: in chat around noon and in the evening, else at night but for one; both by a clock 5:45 ahead
CREATE TABLE shifts AS SELECT calendar, day + opens - to_minutes(345) AS opens, day + closes - to_minutes(345) AS closes
    FROM (SELECT unnest(generate_series(TIMESTAMP '2026-09-01', TIMESTAMP '2027-03-01', to_days(1))) AS day)
    JOIN (VALUES ('chat', to_hours(8), to_hours(12)), ('chat', to_minutes(810), to_hours(20)),
        ('mail', to_hours(22), to_hours(30))) v(calendar, opens, closes)
    ON calendar = 'chat' OR (isodow(day) < 6 AND day <> '2026-10-29');
CREATE MACRO open_secs(b, a, whose) AS CASE WHEN a IS NOT NULL AND b IS NOT NULL THEN (SELECT coalesce(sum(
    secs(least(b, closes), greatest(a, opens))), 0) FROM shifts WHERE calendar = whose AND opens < b AND closes > a) END;
CREATE TABLE opened AS SELECT *, open_secs(first_response_at, created_at, desk) AS wait_open,
    open_secs(solved_at, created_at, desk) AS work_open, open_secs(as_of(), created_at, desk) AS age_open
    FROM (SELECT nr, created_at, first_response_at, solved_at,
        CASE WHEN channel = 'chat' THEN 'chat' ELSE 'mail' END AS desk FROM tickets);

-- messages: a customer's that follows an answer begins a turn, and waits for the next answer
CREATE VIEW said AS SELECT *, event = 'reply' AND author_kind = 'agent' AND coalesce(is_public, true) AS human,
    event = 'reply' AND author_kind = 'customer' AS customer FROM events;
CREATE VIEW turns AS SELECT *, secs(answered, wrote) AS wait, coalesce(wait, secs(as_of(), wrote)) AS t,
    wait IS NULL AND NOT coalesce(is_solved, false) AS waits FROM (
    SELECT a.*, (SELECT min(b.wrote) FROM said b WHERE b.human AND b.ticket_id = a.ticket_id AND b.wrote >= a.wrote) AS answered
    FROM (SELECT *, lag(human) OVER (PARTITION BY ticket_id ORDER BY wrote, human, nr) AS after FROM said WHERE human OR customer) a
    WHERE customer AND after);
CREATE VIEW written AS SELECT s.cell, t.* FROM slices s LEFT JOIN turns t ON t.wrote >= s.start AND t.wrote < s.stop
    AND s.queue = '*' AND hit(s.channel, t.channel) AND hit(s.product, t.product) AND hit(s.segment, t.segment);
CREATE VIEW turns_open AS SELECT *, CASE WHEN of_chat THEN 14400 ELSE 43200 END AS reply_goal,
    CASE WHEN of_chat THEN wait_open ELSE wait END AS reply_wait,
    CASE WHEN of_chat THEN age_open ELSE secs(as_of(), begun) END AS reply_age FROM (
    SELECT turn, of_chat, begun, wait, open_secs(answered, begun, desk) AS wait_open, open_secs(as_of(), begun, desk) AS age_open
    FROM (SELECT nr AS turn, turns.at AS begun, answered, wait, coalesce(channel = 'chat', false) AS of_chat,
        CASE WHEN of_chat THEN 'chat' ELSE 'mail' END AS desk FROM turns));
CREATE VIEW next_open_waits AS SELECT cell, coalesce(wait_open, age_open) AS t, (wait_open IS NOT NULL)::INT AS finished
    FROM written JOIN turns_open ON turn = nr WHERE wait_open IS NOT NULL OR waits;
CREATE VIEW next_waits AS SELECT cell, t, (wait IS NOT NULL)::INT AS finished FROM written WHERE wait IS NOT NULL OR waits;

-- survival: the first time at which the product of (1 − finished ÷ at risk) falls to the share asked for;
-- where all have finished, the plain quantile
CREATE MACRO kaplan_meier(lives, survival) AS TABLE
    WITH steps AS (SELECT cell, t, sum(finished) AS d, count(*) AS here FROM query_table(lives) GROUP BY cell, t),
    risk AS (SELECT *, sum(here) OVER (PARTITION BY cell ORDER BY t DESC) AS n FROM steps),
    curve AS (SELECT *, product(1 - d / n) OVER (PARTITION BY cell ORDER BY t) AS s FROM risk),
    whole AS (SELECT cell, quantile_cont(t, 1 - survival) AS t FROM query_table(lives) GROUP BY cell HAVING min(finished) = 1)
    SELECT cell, coalesce(any_value(w.t), min(c.t) FILTER (d > 0 AND s <= survival + 1e-12)) AS t
    FROM curve c LEFT JOIN whole w USING (cell) GROUP BY cell;
CREATE VIEW waits AS SELECT cell, coalesce(wait, age) AS t, (wait IS NOT NULL)::INT AS finished
    FROM created WHERE asked AND (wait IS NOT NULL OR NOT is_solved);
CREATE VIEW works AS SELECT cell, coalesce(work, age) AS t, (work IS NOT NULL)::INT AS finished
    FROM created WHERE work IS NOT NULL OR NOT is_solved;
CREATE VIEW complaint_works AS SELECT cell, coalesce(work, age) AS t, (work IS NOT NULL)::INT AS finished
    FROM created WHERE is_complaint AND (work IS NOT NULL OR NOT is_solved);
CREATE VIEW open_waits AS SELECT cell, coalesce(wait_open, age_open) AS t, (wait IS NOT NULL)::INT AS finished
    FROM created JOIN opened USING (nr) WHERE asked AND (wait IS NOT NULL OR NOT is_solved);
CREATE VIEW open_works AS SELECT cell, coalesce(work_open, age_open) AS t, (work IS NOT NULL)::INT AS finished
    FROM created JOIN opened USING (nr) WHERE work IS NOT NULL OR NOT is_solved;
CREATE VIEW open_complaint_works AS SELECT cell, coalesce(work_open, age_open) AS t, (work IS NOT NULL)::INT AS finished
    FROM created JOIN opened USING (nr) WHERE is_complaint AND (work IS NOT NULL OR NOT is_solved);
CREATE VIEW whole_lives AS SELECT 0 AS cell, coalesce(work, age) AS t,
    (work IS NOT NULL)::INT AS finished FROM facts WHERE work IS NOT NULL OR NOT is_solved;
CREATE MACRO known_from() AS (SELECT (SELECT min(created_at) FROM facts WHERE ended IS NOT NULL OR NOT is_solved)
    + to_microseconds(CAST(round(t * 1e6) AS BIGINT)) FROM kaplan_meier('whole_lives', 0.1));

-- customers by orders: active from an order until so many days without another
CREATE VIEW spells AS
    WITH gaps AS (SELECT *, ordered_at - lag(ordered_at) OVER (PARTITION BY customer_id ORDER BY ordered_at) AS gap
        FROM orders WHERE customer_id IS NOT NULL),
    runs AS (SELECT *, count(*) FILTER (gap > to_days((SELECT inactivity_days FROM settings)))
        OVER (PARTITION BY customer_id ORDER BY ordered_at) AS run FROM gaps),
    found AS (SELECT customer_id, min(ordered_at) AS began,
        max(ordered_at) + to_days((SELECT inactivity_days FROM settings)) AS lost FROM runs GROUP BY customer_id, run)
    SELECT customer_id, began, CASE WHEN lost <= as_of() THEN lost END AS lost FROM found;
CREATE VIEW buying AS SELECT s.cell, count(*) FILTER (began < start AND coalesce(lost >= start, true)) AS n,
    count(*) FILTER (began < start AND coalesce(lost >= start, true) AND EXISTS (SELECT 1 FROM spells later
        WHERE later.customer_id = p.customer_id AND later.began < stop AND coalesce(later.lost >= stop, true))) AS kept
    FROM slices s, spells p WHERE window_only GROUP BY s.cell;
CREATE VIEW totals AS SELECT s.cell, arg_min(start_count, period_start) AS n, arg_max(end_count, period_start) AS last,
    sum(coalesce(new_count, end_count - start_count + lost_count)) AS new,
    sum(coalesce(lost_count, start_count + new_count - end_count)) AS lost
    FROM slices s JOIN counts ON period_start >= start AND period_start < stop WHERE window_only GROUP BY s.cell;
CREATE VIEW listed AS SELECT count(is_lost) AS n, count(*) FILTER (is_lost) AS lost FROM customers;
CREATE VIEW identity AS SELECT cell,
    count(*) FILTER (started_at < start AND coalesce(ended_at >= start, true)) AS n,
    count(*) FILTER (started_at < start AND coalesce(ended_at >= stop, true)) AS kept
    FROM members GROUP BY cell;
CREATE VIEW active AS SELECT cell,
    count(*) FILTER (started_at < stop AND coalesce(ended_at >= stop, true)) AS n FROM members GROUP BY cell;

-- tickets_created
SELECT cell, CASE WHEN stop > (SELECT min(created_at) FROM facts) THEN count(nr) END AS value, count(nr) AS n
FROM created GROUP BY cell, stop

-- tickets_solved
SELECT cell, CASE WHEN stop > (SELECT min(created_at) FROM facts) THEN count(nr) END AS value, count(nr) AS n
FROM solved GROUP BY cell, stop

-- first_response_time
SELECT cell, avg(wait) FILTER (asked) AS value, count(wait) FILTER (asked) AS n,
    quantile_cont(wait, 0.5) FILTER (asked) AS median, quantile_cont(wait, 0.9) FILTER (asked) AS p90,
    count(*) FILTER (asked AND wait IS NULL AND NOT is_solved) AS pending, any_value(k.t) AS censored_median
FROM created LEFT JOIN kaplan_meier('waits', 0.5) k USING (cell) GROUP BY cell

-- first_response_time_business
SELECT cell, avg(wait_open) FILTER (asked) AS value, count(wait) FILTER (asked) AS n,
    quantile_cont(wait_open, 0.5) FILTER (asked) AS median, quantile_cont(wait_open, 0.9) FILTER (asked) AS p90,
    count(*) FILTER (asked AND wait IS NULL AND NOT is_solved) AS pending, any_value(k.t) AS censored_median
FROM created LEFT JOIN opened USING (nr) LEFT JOIN kaplan_meier('open_waits', 0.5) k USING (cell) GROUP BY cell

-- first_response_within_target
SELECT cell, share(hits, n) AS value, n, hits, overdue, pending FROM (
    SELECT cell, count(*) FILTER (asked AND wait <= answer_goal) AS hits,
        count(*) FILTER (asked AND wait IS NULL AND NOT is_solved AND age > answer_goal) AS overdue,
        count(*) FILTER (asked AND wait IS NULL AND NOT is_solved AND age <= answer_goal) AS pending,
        count(*) FILTER (asked AND wait IS NOT NULL AND answer_goal IS NOT NULL) + overdue AS n
    FROM created GROUP BY cell)

-- resolution_time
SELECT cell, avg(work) AS value, count(work) AS n, quantile_cont(work, 0.5) AS median, quantile_cont(work, 0.9) AS p90,
    any_value(p.pending) AS pending, any_value(k.t) AS censored_median, avg(first_work) AS first_solve
FROM solved LEFT JOIN kaplan_meier('works', 0.5) k USING (cell)
LEFT JOIN (SELECT cell, count(*) FILTER (work IS NULL AND NOT is_solved) AS pending FROM created GROUP BY cell) p USING (cell)
GROUP BY cell

-- resolution_time_business
SELECT cell, avg(work_open) AS value, count(work) AS n, quantile_cont(work_open, 0.5) AS median,
    quantile_cont(work_open, 0.9) AS p90, any_value(p.pending) AS pending, any_value(k.t) AS censored_median
FROM solved LEFT JOIN opened USING (nr) LEFT JOIN kaplan_meier('open_works', 0.5) k USING (cell)
LEFT JOIN (SELECT cell, count(*) FILTER (work IS NULL AND NOT is_solved) AS pending FROM created GROUP BY cell) p USING (cell)
GROUP BY cell

-- resolution_within_target
SELECT cell, share(hits, n) AS value, n, hits, overdue, pending FROM (
    SELECT cell, count(*) FILTER (work <= solve_goal) AS hits,
        count(*) FILTER (work IS NULL AND NOT is_solved AND age > solve_goal) AS overdue,
        count(*) FILTER (work IS NULL AND NOT is_solved AND age <= solve_goal) AS pending,
        count(work) + overdue AS n
    FROM created GROUP BY cell)

-- requester_wait_time
SELECT cell, avg(w) AS value, count(w) AS n, quantile_cont(w, 0.5) AS median, quantile_cont(w, 0.9) AS p90
FROM (SELECT *, requester_wait_seconds AS w FROM solved) GROUP BY cell

-- agent_wait_time
SELECT cell, avg(w) AS value, count(w) AS n, quantile_cont(w, 0.5) AS median, quantile_cont(w, 0.9) AS p90
FROM (SELECT *, agent_wait_seconds AS w FROM solved) GROUP BY cell

-- hold_time
SELECT cell, avg(w) AS value, count(w) AS n, quantile_cont(w, 0.5) AS median, quantile_cont(w, 0.9) AS p90
FROM (SELECT *, nullif(on_hold_seconds, 0) AS w FROM solved) GROUP BY cell

-- time_in_status
WITH spent AS (UNPIVOT (SELECT cell, new_seconds AS "new", open_seconds AS "open", agent_wait_seconds AS pending,
        on_hold_seconds AS on_hold FROM solved WHERE new_seconds IS NOT NULL) ON "new", "open", pending, on_hold INTO NAME name VALUE t),
    sums AS (SELECT cell, name, sum(t) AS s, count(*) AS n FROM spent GROUP BY ALL),
    whole AS (SELECT cell, sum(s) AS total, max(s) AS most FROM sums GROUP BY cell)
SELECT cell, any_value(most / total) AS value, any_value(n) AS n, first(name ORDER BY s DESC) AS top,
    list({name: name, mean_seconds: s / n, share: s / total} ORDER BY s DESC) AS "table"
FROM sums JOIN whole USING (cell) GROUP BY cell

-- next_response_time_business
SELECT cell, avg(wait_open) AS value, count(wait_open) AS n, quantile_cont(wait_open, 0.5) AS median,
    quantile_cont(wait_open, 0.9) AS p90, count(*) FILTER (waits) AS pending, any_value(k.t) AS censored_median
FROM written LEFT JOIN turns_open ON turn = nr LEFT JOIN kaplan_meier('next_open_waits', 0.5) k USING (cell) GROUP BY cell

-- next_response_within_target
SELECT cell, share(hits, n) AS value, n, hits, overdue, pending, 'each ticket by the clock of its target' AS method FROM (
    SELECT cell, count(*) FILTER (reply_wait <= reply_goal) AS hits,
        count(*) FILTER (waits AND reply_age > reply_goal) AS overdue, count(reply_wait) + overdue AS n,
        count(*) FILTER (waits AND reply_age <= reply_goal) AS pending
    FROM written LEFT JOIN turns_open ON turn = nr GROUP BY cell)

-- next_response_time
SELECT cell, avg(wait) AS value, count(wait) AS n, quantile_cont(wait, 0.5) AS median, quantile_cont(wait, 0.9) AS p90,
    count(*) FILTER (waits) AS pending, any_value(k.t) AS censored_median
FROM written LEFT JOIN kaplan_meier('next_waits', 0.5) k USING (cell) GROUP BY cell

-- reassignment_rate
SELECT cell, share(hits, n) AS value, n, hits, assignments FROM (
    SELECT cell, count(*) FILTER (assignment_count > 1) AS hits, count(*) FILTER (assignment_count > 0) AS n,
        coalesce(sum(assignment_count), 0) AS assignments FROM created GROUP BY cell)

-- bot_handoff_rate
SELECT cell, share(hits, n) AS value, n, hits FROM (
    SELECT cell, count(*) FILTER (bot_began AND human_replied) AS hits, count(*) FILTER (bot_began) AS n FROM created GROUP BY cell)

-- bot_resolution_rate
SELECT cell, share(hits, n) AS value, n, hits FROM (
    SELECT cell, count(*) FILTER (bot_began AND NOT human_replied AND is_solved) AS hits, count(*) FILTER (bot_began) AS n
    FROM created GROUP BY cell)

-- reply_after_solve_rate
SELECT cell, share(hits, n) AS value, n, hits FROM (
    SELECT cell, count(*) FILTER (ever AND customer_returned) AS hits, count(customer_returned) FILTER (ever) AS n
    FROM (SELECT *, is_solved OR first_solved_at IS NOT NULL OR coalesce(reopen_count > 0, false) AS ever FROM created) GROUP BY cell)

-- follow_up_rate
SELECT cell, share(hits, n) AS value, n, hits FROM (
    SELECT a.cell, count(*) FILTER (coalesce(b.first_solved_at, b.solved_at) <= a.created_at) AS hits, count(a.nr) AS n
    FROM created a LEFT JOIN facts b ON b.ticket_id = a.parent_ticket_id GROUP BY a.cell)

-- backlog
SELECT cell, count(nr) AS value, count(nr) AS n, CASE WHEN stop < known_from() THEN true END AS lower_bound,
    (SELECT {open_start: count(*) FILTER (created_at < start AND coalesce(ended >= start, NOT is_solved)),
        created: count(*) FILTER (created_at >= start AND created_at < stop), reopened: 0,
        solved: count(*) FILTER (solved_at >= start AND solved_at < stop),
        open_end: count(*) FILTER (created_at < stop AND coalesce(ended >= stop, NOT is_solved)),
        residual: count(*) FILTER (is_solved AND solved_at IS NULL
            AND coalesce(closed_at, created_at) >= start AND coalesce(closed_at, created_at) < stop)} FROM facts) AS flow
FROM stock GROUP BY cell, start, stop

-- backlog_overdue
WITH old AS (SELECT cell, stop, count(*) FILTER (open_for > mean) AS n, count(nr) AS every,
        any_value(CASE WHEN nr IS NOT NULL THEN mean END) AS mean
    FROM stock, (SELECT avg(work) AS mean FROM facts) GROUP BY cell, stop)
SELECT cell, n AS value, n, mean AS limit_seconds, share(n, every) AS share_of_backlog,
    CASE WHEN stop < known_from() THEN true END AS lower_bound
FROM old

-- backlog_age
SELECT cell, quantile_cont(open_for, 0.5) AS value, count(nr) AS n, max(open_for) AS maximum,
    quantile_cont(open_for, 0.9) AS p90, any_value(CASE WHEN nr IS NOT NULL AND stop < known_from() THEN true END) AS lower_bound,
    {'under 1 day': count(*) FILTER (days < 1), '1–3 days': count(*) FILTER (days >= 1 AND days < 3),
     '3–7 days': count(*) FILTER (days >= 3 AND days < 7), '7–30 days': count(*) FILTER (days >= 7 AND days < 30),
     'over 30 days': count(*) FILTER (days >= 30)} AS bands
FROM (SELECT *, open_for / 86400 AS days FROM stock) GROUP BY cell

-- backlog_age_business
SELECT cell, quantile_cont(open_for, 0.5) AS value, count(nr) AS n, max(open_for) AS maximum,
    quantile_cont(open_for, 0.9) AS p90, any_value(CASE WHEN open_for IS NOT NULL AND stop < known_from() THEN true END) AS lower_bound
FROM (SELECT s.cell, s.nr, s.stop, open_secs(least(s.stop, as_of()), s.created_at, o.desk) AS open_for
    FROM stock s LEFT JOIN opened o USING (nr)) GROUP BY cell

-- backlog_causes
WITH waits AS (SELECT cell, CASE WHEN stop >= as_of() THEN CASE status WHEN 'new' THEN 'us' WHEN 'open' THEN 'us'
        WHEN 'pending' THEN 'customer' WHEN 'on_hold' THEN 'third party' END END AS who FROM stock),
    counted AS (SELECT cell, count(who) AS n, count(*) FILTER (who = 'us') AS us, count(*) FILTER (who = 'customer') AS them,
        count(*) FILTER (who = 'third party') AS third FROM waits GROUP BY cell)
SELECT cell, share(us, n) AS value, n, CASE WHEN n > 0 THEN us END AS hits, CASE WHEN n > 0 THEN [{name: 'us', n: us, share: us / n},
        {name: 'customer', n: them, share: them / n}, {name: 'third party', n: third, share: third / n}] END AS "table",
    (SELECT count(nr) FROM created c WHERE c.cell = k.cell) AS inflow, (SELECT count(nr) FROM solved c WHERE c.cell = k.cell) AS outflow
FROM counted k

-- repeat_contact_rate
SELECT cell, share(hits, n) AS value, n, hits FROM (
    SELECT cell, count(*) FILTER (over AND back) AS hits, count(*) FILTER (over) AS n FROM (
        SELECT a.cell, a.customer_id IS NOT NULL AND a.solved_at <= as_of() - INTERVAL 7 DAY AS over,
            EXISTS (FROM facts b WHERE b.customer_id = a.customer_id
                AND (b.category = a.category OR coalesce(b.category, a.category) IS NULL
                    AND b.product IS NOT DISTINCT FROM a.product)
                AND b.created_at > a.solved_at AND b.created_at <= a.solved_at + INTERVAL 7 DAY) AS back
        FROM solved a) GROUP BY cell)

-- reopen_rate
SELECT cell, share(hits, n) AS value, n, hits FROM (
    SELECT cell, count(*) FILTER (reopen_count > 0) AS hits, count(reopen_count) FILTER
        (is_solved OR first_solved_at IS NOT NULL OR reopen_count > 0) AS n FROM created GROUP BY cell)

-- one_touch_rate
SELECT cell, share(hits, n) AS value, n, hits FROM (
    SELECT cell, count(*) FILTER (reply_count = 1 AND coalesce(reopen_count, 0) = 0) AS hits, count(reply_count) AS n
    FROM solved GROUP BY cell)

-- escalation_rate
SELECT cell, share(hits, n) AS value, n, hits FROM (
    SELECT cell, count(*) FILTER (escalation_level >= 1) AS hits, count(escalation_level) AS n FROM created GROUP BY cell)

-- channel_share
WITH each AS (SELECT cell, channel, count(nr) AS k FROM created GROUP BY ALL HAVING k > 0),
    whole AS (SELECT cell, sum(k)::BIGINT AS n FROM each GROUP BY cell)
SELECT cell, max(k / n) FILTER (channel IS NOT NULL) AS value, any_value(n) AS n,
    first(channel ORDER BY k DESC, channel) FILTER (channel IS NOT NULL) AS top,
    list({name: channel, n: k, share: k / n} ORDER BY channel IS NULL, k DESC, channel) AS "table"
FROM each JOIN whole USING (cell) GROUP BY cell

-- preferred_channel
WITH used AS (SELECT cell, customer_id, channel, count(*) AS k, max(created_at) AS latest FROM created
        WHERE customer_id IS NOT NULL AND channel IS NOT NULL GROUP BY ALL),
    best AS (SELECT * FROM used QUALIFY row_number() OVER
        (PARTITION BY cell, customer_id ORDER BY k DESC, latest DESC, channel DESC) = 1),
    wins AS (SELECT cell, channel, count(*) AS n FROM best GROUP BY ALL)
SELECT cell, first(channel ORDER BY n DESC, channel) AS value, sum(n)::BIGINT AS n, max(n) / sum(n) AS share,
    list({name: channel, n: n, share: n / total} ORDER BY n DESC, channel) AS "table"
FROM (SELECT *, sum(n) OVER (PARTITION BY cell) AS total FROM wins) GROUP BY cell

-- customer_concentration
WITH used AS (SELECT cell, customer_id::VARCHAR AS name, count(*) AS k, coalesce(sum(handle_seconds), 0) AS w
        FROM created WHERE customer_id IS NOT NULL GROUP BY ALL),
    ranked AS (SELECT *, row_number() OVER (PARTITION BY cell ORDER BY k DESC, name) AS place, sum(k) OVER (PARTITION BY cell) AS n,
        sum(w) OVER (PARTITION BY cell) AS whole FROM used)
SELECT cell, sum(k) FILTER (place <= 10) / any_value(n) AS value, any_value(n)::BIGINT AS n,
    count(*) AS "distinct",
    CASE WHEN any_value(whole) > 0 THEN sum(w) FILTER (place <= 10) / any_value(whole) END AS share_of_hours,
    list({name: name, n: k, share: k / n, share_of_hours: w / whole} ORDER BY place) FILTER (place <= 10) AS "table"
FROM ranked GROUP BY cell

-- contacts_per_customer
SELECT cell, share(count(customer_id), count(DISTINCT customer_id)) AS value, count(customer_id) AS n,
    count(DISTINCT customer_id) AS "distinct"
FROM created GROUP BY cell

-- complaints
SELECT cell, CASE WHEN stop > (SELECT min(created_at) FROM facts) THEN count(*) FILTER (is_complaint) END AS value,
    count(*) FILTER (is_complaint) AS n, share(count(*) FILTER (is_complaint), count(nr)) AS share_of_tickets,
    share(1000 * count(*) FILTER (is_complaint), any_value(a.n)) AS per_1000_customers
FROM created LEFT JOIN active a USING (cell) GROUP BY cell, stop

-- complaint_processing_time
SELECT cell, avg(work) FILTER (is_complaint) AS value, count(work) FILTER (is_complaint) AS n,
    quantile_cont(work, 0.5) FILTER (is_complaint) AS median, quantile_cont(work, 0.9) FILTER (is_complaint) AS p90,
    any_value(p.pending) AS pending, any_value(k.t) AS censored_median
FROM solved LEFT JOIN kaplan_meier('complaint_works', 0.5) k USING (cell)
LEFT JOIN (SELECT cell, count(*) FILTER (is_complaint AND work IS NULL AND NOT is_solved) AS pending
    FROM created GROUP BY cell) p USING (cell)
GROUP BY cell

-- complaint_processing_time_business
SELECT cell, avg(work_open) FILTER (is_complaint) AS value, count(work) FILTER (is_complaint) AS n,
    quantile_cont(work_open, 0.5) FILTER (is_complaint) AS median,
    quantile_cont(work_open, 0.9) FILTER (is_complaint) AS p90,
    any_value(p.pending) AS pending, any_value(k.t) AS censored_median
FROM solved LEFT JOIN opened USING (nr) LEFT JOIN kaplan_meier('open_complaint_works', 0.5) k USING (cell)
LEFT JOIN (SELECT cell, count(*) FILTER (is_complaint AND work IS NULL AND NOT is_solved) AS pending
    FROM created GROUP BY cell) p USING (cell)
GROUP BY cell

-- complaint_within_target
SELECT cell, share(hits, n) AS value, n, hits, overdue, pending FROM (
    SELECT cell, count(*) FILTER (is_complaint AND work <= solve_goal) AS hits,
        count(*) FILTER (is_complaint AND work IS NULL AND NOT is_solved AND age > solve_goal) AS overdue,
        count(*) FILTER (is_complaint AND work IS NULL AND NOT is_solved AND age <= solve_goal) AS pending,
        count(work) FILTER (is_complaint) + overdue AS n
    FROM created GROUP BY cell)

-- complaint_resolution_rate
SELECT cell, share(hits, n) AS value, n, hits FROM (
    SELECT cell, count(*) FILTER (is_complaint AND is_solved) AS hits, count(*) FILTER (is_complaint) AS n
    FROM created GROUP BY cell)

-- complaint_satisfaction
SELECT cell, avg(score) FILTER (asked) AS value, count(*) FILTER (asked) AS n,
    [min(bottom) FILTER (asked), max(top) FILTER (asked)] AS scale
FROM (SELECT *, on_complaint AND kind = 'csat' AND score IS NOT NULL AND bottom = 1 AND top = 5 AS asked FROM rated)
GROUP BY cell

-- complaint_recommend_rate
SELECT cell, share(hits, n) AS value, n, hits FROM (
    SELECT cell, count(*) FILTER (asked AND score >= 9) AS hits, count(score) FILTER (asked) AS n
    FROM (SELECT *, on_complaint AND on_solved AND kind = 'nps' AND bottom = 0 AND top = 10 AS asked FROM rated)
    GROUP BY cell)

-- complaint_repeat_rate
WITH span AS (SELECT to_days(complaint_repeat_days) AS days FROM settings),
    first AS (SELECT min(created_at) AS at FROM facts),
    told AS (SELECT a.cell,
        a.is_complaint AND a.customer_id IS NOT NULL AND a.created_at >= first.at + days
            AND coalesce(a.product, a.category, a.parent_ticket_id::VARCHAR) IS NOT NULL AS known,
        EXISTS (FROM facts b WHERE b.is_complaint AND b.customer_id = a.customer_id
            AND (b.ticket_id = a.parent_ticket_id AND b.created_at <= a.created_at
                OR (b.category = a.category OR coalesce(b.category, a.category) IS NULL AND b.product = a.product)
                    AND b.created_at < a.created_at)
            AND b.created_at >= a.created_at - days) AS again
        FROM created a, span, first)
SELECT cell, share(hits, n) AS value, n, hits FROM (
    SELECT cell, count(*) FILTER (known AND again) AS hits, count(*) FILTER (known) AS n FROM told GROUP BY cell)

-- cost_per_complaint
SELECT cell, CASE WHEN n > 0 AND n >= 0.5 * complaints THEN total / n END AS value, n, share(n, complaints) AS coverage,
    complaints, total, 'of complaints closed' AS method, '' AS currency,
    CASE WHEN n < 0.5 * complaints THEN 'less than half of the complaints have a known cost' END AS refused
FROM (SELECT cell, count(*) FILTER (is_complaint) AS complaints, count(money) FILTER (is_complaint) AS n,
        coalesce(sum(money) FILTER (is_complaint), 0) AS total FROM solved GROUP BY cell)

-- complaints_without_management
SELECT cell, share(hits, n) AS value, n, hits FROM (
    SELECT cell, count(*) FILTER (is_complaint AND NOT managed) AS hits, count(managed) FILTER (is_complaint) AS n
    FROM solved GROUP BY cell)

-- complaints_by_product
WITH counted AS (SELECT cell, product, count(*) AS k FROM created WHERE is_complaint GROUP BY ALL),
    each AS (SELECT *, row_number() OVER (PARTITION BY cell ORDER BY product IS NULL, k DESC, product) AS place FROM counted),
    run AS (SELECT *, sum(k) OVER (PARTITION BY cell) AS n, sum(k) OVER (PARTITION BY cell ORDER BY place) AS upto FROM each)
SELECT cell, max(k / r.n) FILTER (product IS NOT NULL) AS value, any_value(r.n)::BIGINT AS n,
    first(product ORDER BY place) FILTER (product IS NOT NULL) AS top,
    list({name: product, n: k, share: k / r.n, cumulative_share: upto / r.n,
        per_1000_customers: 1000 * k / a.n} ORDER BY place) AS "table"
FROM run r LEFT JOIN active a USING (cell) GROUP BY cell

-- call_wait_time
SELECT cell, avg(wait) AS value, count(wait) AS n, quantile_cont(wait, 0.5) AS median, quantile_cont(wait, 0.9) AS p90,
    share(count(*) FILTER (offered AND disposition = 'abandoned'), count(*) FILTER (offered)) AS abandon_rate
FROM (SELECT *, CASE WHEN offered AND disposition = 'answered' THEN wait_seconds END AS wait FROM queued) GROUP BY cell

-- call_abandon_rate
SELECT cell, share(hits, n) AS value, n, hits FROM (
    SELECT cell, count(*) FILTER (offered AND disposition = 'abandoned') AS hits, count(*) FILTER (offered) AS n
    FROM queued GROUP BY cell)

-- call_service_level
SELECT cell, share(hits, n) AS value, n, hits FROM (
    SELECT cell, count(*) FILTER (offered AND disposition = 'answered' AND wait_seconds <= 20) AS hits,
        count(*) FILTER (offered) AS n
    FROM queued GROUP BY cell)

-- csat
WITH one AS (SELECT r.*, r.bottom = m.bottom AND r.top = m.top AS main FROM rated r, main_scale m WHERE kind = 'csat' AND score IS NOT NULL AND about)
SELECT cell, share(count(*) FILTER (score > (bottom + top) / 2), count(*)) AS value, count(*) AS n,
    count(*) FILTER (score > (bottom + top) / 2) AS hits, avg(score) FILTER (main) AS mean,
    [min(bottom) FILTER (main), max(top) FILTER (main)] AS scale
FROM one GROUP BY cell

-- csat_score
SELECT cell, avg(score) AS value, count(*) AS n, [min(r.bottom), max(r.top)] AS scale
FROM rated r JOIN main_scale m ON r.bottom = m.bottom AND r.top = m.top
WHERE kind = 'csat' AND score IS NOT NULL AND about GROUP BY cell

-- response_rate
SELECT cell, share(count(score), count(nr)) AS value, count(nr) AS n, count(score) AS hits FROM sent GROUP BY cell

-- nps
SELECT cell, 100 * (promoters - detractors) / n AS value, n, promoters, n - promoters - detractors AS passives, detractors
FROM (SELECT cell, count(*) AS n, count(*) FILTER (score >= 9) AS promoters, count(*) FILTER (score <= 6) AS detractors
    FROM rated WHERE kind = 'nps' AND score IS NOT NULL AND respondent AND bottom = 0 AND top = 10 GROUP BY cell)

-- ces
SELECT cell, share(count(*) FILTER (score >= 5), count(*)) AS value, count(*) AS n,
    count(*) FILTER (score >= 5) AS hits, avg(score) AS mean, [1.0, 7.0] AS scale
FROM rated WHERE kind = 'ces' AND score IS NOT NULL AND bottom = 1 AND top = 7 GROUP BY cell

-- sps
WITH stages AS (SELECT cell, journey_stage AS name, count(*) AS k, avg(score) AS mean,
        count(*) FILTER (score >= 4) / count(*) AS high
    FROM rated WHERE kind = 'sps' AND score IS NOT NULL AND journey_stage IS NOT NULL GROUP BY ALL)
SELECT cell, avg(mean) AS value, sum(k)::BIGINT AS n, [1.0, 5.0] AS scale, first(name ORDER BY mean, name) AS weakest,
    min(mean) AS weakest_mean, list({name: name, n: k, mean: mean, share_4_5: high} ORDER BY name) AS "table"
FROM stages GROUP BY cell

-- review_rating
SELECT cell, avg(score) AS value, count(score) AS n, [min(bottom), max(top)] AS scale,
    count(*) FILTER (score = 1) AS stars_1, count(*) FILTER (score = 2) AS stars_2, count(*) FILTER (score = 3) AS stars_3,
    count(*) FILTER (score = 4) AS stars_4, count(*) FILTER (score = 5) AS stars_5
FROM rated WHERE kind = 'review' AND score IS NOT NULL GROUP BY cell

-- review_terms
WITH texts AS (SELECT cell, nr, comment, score < (bottom + top) / 2 AS low, score > (bottom + top) / 2 AS high
        FROM rated WHERE kind = 'review' AND comment IS NOT NULL),
    words AS (SELECT DISTINCT cell, nr, low, high, unnest(string_split(comment, ' ')) AS term FROM texts),
    every AS (SELECT cell, count(*) AS n, count(*) FILTER (low) AS a, count(*) FILTER (high) AS b FROM texts GROUP BY cell),
    counted AS (SELECT cell, term, count(*) AS k, count(*) FILTER (low) AS l, count(*) FILTER (high) AS h FROM words GROUP BY ALL),
    scored AS (SELECT *, CASE WHEN l + h >= 5 THEN
        (ln((2*l + h) / (a + a + b - 2*l - h)) - ln((2*h + l) / (b + a + b - 2*h - l))) / sqrt(1 / (2*l + h) + 1 / (2*h + l)) END AS z
        FROM counted JOIN every USING (cell))
SELECT cell, list(term ORDER BY k DESC, term) FILTER (k >= 2) AS value, any_value(n) AS n,
    coalesce(list(term ORDER BY z DESC, term) FILTER (z >= 1.96), []) AS low,
    coalesce(list(term ORDER BY z, term) FILTER (z <= -1.96), []) AS high,
    any_value(a) AS reviews_low, any_value(b) AS reviews_high,
    coalesce(list({name: term, n: k, share: k / n, low: l, high: h} ORDER BY k DESC, term) FILTER (k >= 2), []) AS "table"
FROM scored GROUP BY cell

-- self_gap
WITH sides AS (SELECT cell, coalesce(journey_stage, question) AS name, avg(score) FILTER (kind = 'self') AS ours,
        avg(score) FILTER (kind = 'sps') AS theirs, count(score) FILTER (kind = 'sps') AS k
    FROM rated WHERE name IS NOT NULL GROUP BY ALL HAVING ours IS NOT NULL AND theirs IS NOT NULL)
SELECT cell, avg(ours - theirs) AS value, sum(k)::BIGINT AS n, first(name ORDER BY abs(ours - theirs) DESC, name DESC) AS widest,
    list({name: name, mean_self: ours, mean_customers: theirs, gap: ours - theirs, n: k} ORDER BY name) AS "table"
FROM sides GROUP BY cell

-- retention_rate
SELECT i.cell, share(i.kept, i.n) AS value, i.n, i.kept AS hits, 'by identity' AS method,
    [{method: 'from totals', value: (t.last - t.new) / t.n, n: t.n},
     {method: 'by inactivity', value: share(b.kept, b.n), n: b.n},
     {method: 'share of the list, not a rate per period', value: (l.n - l.lost) / l.n, n: l.n}] AS other_methods
FROM identity i LEFT JOIN totals t USING (cell) LEFT JOIN buying b USING (cell), listed l

-- churn_rate
SELECT i.cell, share(i.n - i.kept, i.n) AS value, i.n, i.n - i.kept AS hits, 'by identity' AS method,
    [{method: 'from totals', value: t.lost / t.n, n: t.n},
     {method: 'by inactivity', value: share(b.n - b.kept, b.n), n: b.n},
     {method: 'share of the list, not a rate per period', value: l.lost / l.n, n: l.n}] AS other_methods
FROM identity i LEFT JOIN totals t USING (cell) LEFT JOIN buying b USING (cell), listed l

-- repurchase_rate
WITH span AS (SELECT to_days(30) AS days), windows AS (SELECT * FROM slices WHERE window_only),
    known AS (SELECT a.*, coalesce(a.customer_id, t.customer_id) AS buyer, score > (bottom + top) / 2 AS happy
        FROM answers a LEFT JOIN tickets t ON a.ticket_id = t.ticket_id, span
        WHERE kind = 'csat' AND score IS NOT NULL AND buyer IS NOT NULL AND responded_at + days <= as_of()),
    latest AS (SELECT w.cell AS of_window, k.*, EXISTS (FROM orders o WHERE o.customer_id = buyer
            AND o.ordered_at > k.responded_at AND o.ordered_at <= k.responded_at + days) AS back
        FROM windows w JOIN known k ON k.responded_at >= w.start AND k.responded_at < w.stop, span
        QUALIFY row_number() OVER (PARTITION BY w.cell, buyer, happy ORDER BY responded_at DESC, nr DESC) = 1),
    told AS (SELECT s.cell, l.* FROM slices s JOIN latest l ON l.of_window = s.of_window AND s.queue = '*' AND s.segment = '*'
        AND hit(s.channel, l.channel) AND hit(s.product, l.product)),
    complained AS (SELECT w.cell AS of_window, t.*, EXISTS (FROM orders o WHERE o.customer_id = t.customer_id
            AND o.ordered_at > t.created_at AND o.ordered_at <= t.created_at + days) AS back
        FROM windows w JOIN tickets t ON t.created_at >= w.start AND t.created_at < w.stop, span
        WHERE is_complaint AND t.customer_id IS NOT NULL AND t.created_at + days <= as_of()
        QUALIFY row_number() OVER (PARTITION BY w.cell, t.customer_id ORDER BY created_at DESC, nr DESC) = 1),
    after AS (SELECT s.cell, avg(back::INT) AS after_complaint FROM slices s JOIN complained l ON l.of_window = s.of_window
        AND s.queue = '*' AND hit(s.channel, l.channel) AND hit(s.product, l.product) AND hit(s.segment, l.segment) GROUP BY s.cell),
    quiet AS (SELECT w.cell, b.customer_id, EXISTS (FROM orders o WHERE o.customer_id = b.customer_id
            AND o.ordered_at > b.ordered_at AND o.ordered_at <= b.ordered_at + days) AS back
        FROM windows w JOIN orders b ON b.ordered_at >= w.start AND b.ordered_at < w.stop, span
        WHERE b.customer_id IS NOT NULL AND b.ordered_at + days <= as_of() AND NOT EXISTS (FROM tickets t
            WHERE t.customer_id = b.customer_id AND t.created_at BETWEEN b.ordered_at - days AND b.ordered_at + days)
        QUALIFY row_number() OVER (PARTITION BY w.cell, b.customer_id ORDER BY b.ordered_at DESC, b.nr DESC) = 1),
    without AS (SELECT cell, avg(back::INT) AS without_contact FROM quiet GROUP BY cell)
SELECT t.cell, avg(back::INT) AS value, count(*) AS n, count(*) FILTER (back) AS hits, 'after an answer' AS method,
    list_filter([{name: 'satisfied', n: count(*) FILTER (happy), share: avg(back::INT) FILTER (happy)},
        {name: 'dissatisfied', n: count(*) FILTER (NOT happy), share: avg(back::INT) FILTER (NOT happy)}], lambda each: each.n > 0) AS "table",
    any_value(a.after_complaint) AS after_complaint, any_value(w.without_contact) AS without_contact
FROM told t LEFT JOIN after a USING (cell) LEFT JOIN without w USING (cell) GROUP BY t.cell
