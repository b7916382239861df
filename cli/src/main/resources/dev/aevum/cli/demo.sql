-- Payments between 1,000 accounts, 1,000 a second, up to two seconds out of order.
CREATE STREAM payments (
  id BIGINT NOT NULL,
  from_account BIGINT NOT NULL,
  to_account BIGINT NOT NULL,
  amount NUMERIC(18,2) NOT NULL,
  merchant TEXT,
  country TEXT,
  ts TIMESTAMPTZ NOT NULL,
  WATERMARK FOR ts AS ts - INTERVAL '4 seconds'
) WITH (connector = 'datagen', dataset = 'payments', rate = 1000, seed = 1, disorder = '2 seconds');

CREATE MATERIALIZED VIEW revenue_per_minute AS
  SELECT window_start, window_end, count(*) AS payments, sum(amount) AS revenue
  FROM TUMBLE(payments, DESCRIPTOR(ts), INTERVAL '1 minute')
  GROUP BY window_start, window_end;

CREATE MATERIALIZED VIEW merchants AS
  SELECT merchant, count(*) AS payments, sum(amount) AS revenue, max(amount) AS largest
  FROM payments
  GROUP BY merchant;

CREATE MATERIALIZED VIEW balances AS
  SELECT account, sum(amount) AS balance
  FROM (
    SELECT to_account AS account, amount FROM payments
    UNION ALL
    SELECT from_account, -amount FROM payments
  ) moves
  GROUP BY account;

-- Two or more small payments from an account, then a large one, within a minute.
CREATE MATERIALIZED VIEW suspicious AS
  SELECT account, tries, amount, at
  FROM (SELECT from_account AS account, amount, ts FROM payments) moves MATCH_RECOGNIZE (
    PARTITION BY account ORDER BY ts
    MEASURES COUNT(SMALL.*) AS tries, LARGE.amount AS amount, MATCH_ROWTIME() AS at
    PATTERN (SMALL{2,} LARGE) WITHIN INTERVAL '1 minute'
    DEFINE SMALL AS amount < 50, LARGE AS amount > 2000
  );

-- Payments that are unusually large for their merchant: each begins an episode.
CREATE MATERIALIZED VIEW unusual AS
  SELECT merchant, ts, amount, (a).score, (a).expected, (a).upper
  FROM (
    SELECT merchant, ts, amount, anomaly(amount, direction => 'up') OVER (PARTITION BY merchant ORDER BY ts) AS a
    FROM payments
  ) judged
  WHERE (a).is_anomaly;
