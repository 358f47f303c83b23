-- The metric catalogue a second time, from its definitions, for DuckDB: what the queries read, which stand in the
-- example files of the metrics (tests/metrics). The test fills the tables, `slices` (one row a window or segment:
-- cell, start, stop and the value of each dimension, '*' for any, '' for unknown) and the settings. Columns of a
-- query after `n` are details.

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
    FROM slices s LEFT JOIN placed t ON t.cell = s.of_window AND s.queue = '*' AND hit(s.segment, t.segment)
    AND hit(s.channel, t.channel) AND hit(s.product, t.product);
CREATE VIEW sent AS SELECT s.cell, t.* FROM slices s LEFT JOIN answers t
    ON t.sent_at >= s.start AND t.sent_at < s.stop AND s.queue = '*' AND hit(s.segment, t.segment)
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
