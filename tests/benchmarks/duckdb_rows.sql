CREATE TYPE channels AS ENUM ('chat', 'email', 'phone', 'social', 'web');

-- What later steps read, once: durations in seconds, months by their first day, customers and issues as hashes.
CREATE TEMP TABLE tickets AS
SELECT
    created_at AS created,
    solved_at AS solved,
    date_trunc('month', created_at)::DATE AS month,
    date_trunc('month', solved_at)::DATE AS solved_month,
    date_diff('second', created_at, first_response_at)::INTEGER AS wait,
    date_diff('second', created_at, solved_at)::INTEGER AS work,
    greatest(created_at, first_response_at, solved_at) AS latest,
    channel::channels AS channel,
    category,
    product,
    CASE WHEN customer_id IS NOT NULL THEN hash(customer_id) END AS customer,
    CASE WHEN customer_id IS NOT NULL THEN hash(customer_id, coalesce(category, product)) END AS issue,
    type = 'complaint' AS complaint,
    status IN ('solved', 'closed') AS finished,
    CASE status WHEN 'new' THEN 'us' WHEN 'open' THEN 'us' WHEN 'pending' THEN 'customer' WHEN 'on_hold' THEN 'third party' END
        AS waits_for,
    reopen_count::SMALLINT AS reopens,
    reply_count::SMALLINT AS replies,
    escalation_level::TINYINT AS level,
    (CASE channel WHEN 'phone' THEN 240 WHEN 'chat' THEN 120 WHEN 'social' THEN 3600 ELSE 86400 END)::INTEGER AS target
FROM source;

CREATE TEMP TABLE known AS
SELECT
    max(latest) AS as_of,
    min(created) AS first,
    avg(work) AS overdue_limit
FROM tickets;

SET VARIABLE as_of = (SELECT as_of FROM known);

SET VARIABLE first = (SELECT first FROM known);

SET VARIABLE overdue_limit = (SELECT overdue_limit FROM known);

CREATE MACRO cell(month, channel) AS coalesce(strftime(month, '%Y-%m-%d'), channel::VARCHAR, 'overall');

CREATE MACRO older(created, age) AS created < getvariable('as_of') - to_seconds(age);

-- A complaint repeats one of the same customer and category, or else product, within 90 days.
CREATE TEMP TABLE complaints AS
SELECT
    month,
    channel,
    product,
    customer IS NOT NULL AND created >= getvariable('first') + INTERVAL 90 DAY AS known,
    created <= lag(created) OVER same + INTERVAL 90 DAY AS repeated
FROM tickets
WHERE complaint
WINDOW same AS (PARTITION BY customer, category, CASE WHEN category IS NULL THEN product END ORDER BY created);

-- Stock: what was open at the end of each month, and its age there; by channel, at the end of the window.
CREATE TEMP TABLE backlog AS
WITH months AS (
    SELECT unnest(generate_series(
        date_trunc('month', getvariable('first')), date_trunc('month', getvariable('as_of')), INTERVAL 1 MONTH
    ))::DATE AS month
)
SELECT
    months.month,
    channel,
    months.month = date_trunc('month', getvariable('as_of')) AS last,
    date_diff('second', created, least(months.month + INTERVAL 1 MONTH, getvariable('as_of'))) AS age
FROM tickets
JOIN months
    ON created < months.month + INTERVAL 1 MONTH
    AND coalesce(solved, 'infinity'::TIMESTAMP) >= months.month + INTERVAL 1 MONTH;

-- Customers: how many, and which channel each uses most (ties go to the latest contact); no month: overall.
CREATE TEMP TABLE contacts AS
WITH monthly AS (
    SELECT month, customer, channel, count(*) AS contacts, max(epoch(created)::BIGINT) AS latest
    FROM tickets
    WHERE customer IS NOT NULL
    GROUP BY ALL
)
FROM monthly
UNION ALL
SELECT NULL, customer, channel, sum(contacts)::BIGINT, max(latest) FROM monthly GROUP BY ALL;

CREATE TEMP TABLE favourites AS
WITH ranked AS (
    SELECT month, sum(contacts)::BIGINT AS contacts, max(contacts << 36 | latest << 3 | enum_code(channel)) AS best
    FROM contacts
    GROUP BY month, customer
)
SELECT
    month,
    enum_range(NULL::channels)[1 + (best & 7)] AS channel,
    sum(contacts)::BIGINT AS contacts,
    count(*) AS customers
FROM ranked
GROUP BY ALL;
