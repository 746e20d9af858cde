-- What stands in each account of each premium, kept by Flink from the events alone.
--
-- In:  ${PREFIX}.events.v1, structured CloudEvents; only what was committed is read.
-- Out: ${PREFIX}.balances-flink.v1, compacted: one row a premium and account, whole pence.
--      key {"premium","account"}, value {"premium","account","pence"}; the last counts.
--
-- Fill in ${BROKER}, ${PREFIX}, ${BOUND} (unbounded to keep following, latest-offset
-- to end with what is there now) and ${CHECKPOINTS} (a folder that survives), by
-- consumers/flink/run.py, or by envsubst for sql-client.sh -f.

SET 'pipeline.name' = '${PREFIX}-balances';
SET 'execution.runtime-mode' = 'streaming';
SET 'execution.checkpointing.mode' = 'EXACTLY_ONCE';
SET 'execution.checkpointing.interval' = '2 s';
SET 'execution.checkpointing.dir' = '${CHECKPOINTS}';
SET 'execution.checkpointing.externalized-checkpoint-retention' = 'RETAIN_ON_CANCELLATION';

-- Money is BIGINT, whole pence. Flink would cut 12.9 down to 12 without a word: that a
-- message keeps to its JSON Schema is seen to before the topic, by its writer.
CREATE TABLE events (
    id STRING,
    data ROW<
        premium ROW<account STRING>,
        legs ARRAY<ROW<account STRING, measure STRING, pence BIGINT>>
    >,
    arrived AS PROCTIME()
) WITH (
    'connector' = 'kafka',
    'topic' = '${PREFIX}.events.v1',
    'properties.bootstrap.servers' = '${BROKER}',
    'properties.group.id' = '${PREFIX}-flink-balances',
    'properties.isolation.level' = 'read_committed',
    'scan.startup.mode' = 'earliest-offset',
    'scan.bounded.mode' = '${BOUND}',
    'format' = 'json'
);

CREATE TABLE balances (
    premium STRING,
    account STRING,
    pence BIGINT,
    PRIMARY KEY (premium, account) NOT ENFORCED
) WITH (
    'connector' = 'upsert-kafka',
    'topic' = '${PREFIX}.balances-flink.v1',
    'properties.bootstrap.servers' = '${BROKER}',
    -- Above it, the broker refuses every transaction, and the job tries for ever.
    'properties.transaction.timeout.ms' = '600000',
    'key.format' = 'json',
    'value.format' = 'json',
    'sink.delivery-guarantee' = 'exactly-once',
    'sink.transactional-id-prefix' = '${PREFIX}-flink-balances'
);

-- An event counts once, however often it was sent: its id is the same for ever. What
-- is kept of an event that counted is its id, some 100 bytes; it is never forgotten,
-- for a forgotten id would count again.
INSERT INTO balances
SELECT once.data.premium.account, leg.account, SUM(leg.pence)
FROM (
    SELECT id, data, ROW_NUMBER() OVER (PARTITION BY id ORDER BY arrived) AS nth
    FROM events
    WHERE CARDINALITY(data.legs) > 0
) AS once
CROSS JOIN UNNEST(once.data.legs) AS leg (account, measure, pence)
WHERE once.nth = 1
GROUP BY once.data.premium.account, leg.account;
