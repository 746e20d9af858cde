-- The log, its facts within the limits of what may enter (docs/adr/0020).
-- The log of one ledger: schema `ledger` of its database.
--
-- Whoever runs this owns it all. Services log in as members of the role premium_app,
-- which reads every table and writes through ledger.append alone; it may delete texts
-- and names, so that they can be forgotten. The schema `views` is its own.

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'premium_app') THEN
        CREATE ROLE premium_app NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL; -- Another database of this server was migrated meanwhile.
END
$$;

CREATE TABLE ledger.events (
    position bigint PRIMARY KEY, -- From 1, without gaps.
    stream text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    topic text COLLATE "C" NOT NULL,
    state bytea NOT NULL,
    UNIQUE (stream, version)
);

CREATE TABLE ledger.commands (
    number bigint PRIMARY KEY, -- From 1, without gaps.
    id text COLLATE "C" NOT NULL UNIQUE,
    hash text COLLATE "C" NOT NULL,
    outcome text COLLATE "C" NOT NULL,
    recorded_at text COLLATE "C" NOT NULL,
    first_position bigint,
    count bigint NOT NULL,
    refusal text,
    digest text COLLATE "C" NOT NULL
);

CREATE TABLE ledger.texts (
    commitment text COLLATE "C" PRIMARY KEY,
    salt bytea NOT NULL,
    text text NOT NULL,
    number bigint GENERATED ALWAYS AS IDENTITY UNIQUE
);

CREATE TABLE ledger.parties (
    party text COLLATE "C" NOT NULL,
    commitment text COLLATE "C" PRIMARY KEY,
    salt bytea NOT NULL,
    name text NOT NULL,
    number bigint GENERATED ALWAYS AS IDENTITY UNIQUE
);

CREATE INDEX parties_party ON ledger.parties (party, number);

-- What no grant may undo: rows of the log are never changed, and only the owner adds
-- any, which is what ledger.append runs as.

CREATE FUNCTION ledger.never_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'the rows of % are never changed', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$$;

CREATE FUNCTION ledger.added_by_append_alone() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF current_user <> (
        SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID
    ) THEN
        RAISE EXCEPTION 'rows of % are added by ledger.append alone', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END
$$;

DO $$
DECLARE
    one text;
BEGIN
    FOREACH one IN ARRAY ARRAY['events', 'commands', 'texts', 'parties'] LOOP
        EXECUTE format(
            'CREATE TRIGGER added_by_append_alone BEFORE INSERT ON ledger.%I '
            'EXECUTE FUNCTION ledger.added_by_append_alone()', one);
        EXECUTE format(
            'CREATE TRIGGER never_changed BEFORE %s ON ledger.%I '
            'EXECUTE FUNCTION ledger.never_changed()',
            CASE WHEN one IN ('texts', 'parties') THEN 'UPDATE'
                ELSE 'UPDATE OR DELETE OR TRUNCATE' END, one);
        -- ALWAYS: also in a session that plays a replica.
        EXECUTE format(
            'ALTER TABLE ledger.%I ENABLE ALWAYS TRIGGER added_by_append_alone', one);
        EXECUTE format(
            'ALTER TABLE ledger.%I ENABLE ALWAYS TRIGGER never_changed', one);
    END LOOP;
END
$$;

-- Takes the log's lock, which is held until the transaction ends, whichever way that
-- comes about. Then says how far the log has got, once, beside each command of these
-- ids that was answered. Each statement of a volatile function sees what was committed
-- before it began: so the look-up sees what the last holder wrote.
CREATE FUNCTION ledger.take(
    ids text[],
    OUT head bigint, OUT last bigint, OUT last_at text,
    OUT number bigint, OUT id text, OUT hash text, OUT outcome text,
    OUT recorded_at text, OUT first_position bigint, OUT count bigint,
    OUT refusal text, OUT digest text
) RETURNS SETOF record
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    PERFORM pg_advisory_xact_lock(8101812486475932013);
    RETURN QUERY
    SELECT
        coalesce((SELECT max(position) FROM ledger.events), 0),
        coalesce(latest.number, 0),
        coalesce(latest.recorded_at, ''),
        c.*
    FROM (SELECT) AS one
    LEFT JOIN (
        SELECT number, recorded_at FROM ledger.commands ORDER BY number DESC LIMIT 1
    ) AS latest ON true
    LEFT JOIN ledger.commands AS c ON c.id = ANY (ids);
END
$$;

-- The only way to write. Arrays of one length make up the rows of a table, in order;
-- all may be empty. Positions and numbers are given here, under the lock; what the
-- caller takes for the last ones must be so. Raises PL001 where rows do not follow.
CREATE FUNCTION ledger.append(
    head bigint,
    streams text[], versions bigint[], topics text[], states bytea[],
    last bigint,
    ids text[], hashes text[], outcomes text[], recorded_ats text[],
    first_positions bigint[], counts bigint[], refusals text[], digests text[],
    text_commitments text[], text_salts bytea[], texts text[],
    parties text[], party_commitments text[], party_salts bytea[], names text[]
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    stray text;
    latest record;
BEGIN
    PERFORM pg_advisory_xact_lock(8101812486475932013);
    IF cardinality(streams) > 0 THEN
        IF head <> coalesce((SELECT max(e.position) FROM ledger.events AS e), 0) THEN
            RAISE EXCEPTION 'the log does not stand at position %', head
                USING ERRCODE = 'PL001';
        END IF;
        IF cardinality(streams) = 1 THEN
            SELECT streams[1] INTO stray WHERE versions[1] <> 1 + coalesce((
                SELECT max(e.version) FROM ledger.events AS e
                WHERE e.stream = streams[1]), 0);
        ELSE
            SELECT s INTO stray
            FROM (
                SELECT s, v - row_number() OVER (PARTITION BY s ORDER BY o) AS stood
                FROM unnest(streams, versions) WITH ORDINALITY AS given (s, v, o)
            ) AS given
            GROUP BY s
            HAVING min(stood) <> max(stood) OR min(stood) <> coalesce(
                (SELECT max(e.version) FROM ledger.events AS e WHERE e.stream = s), 0)
            LIMIT 1;
        END IF;
        IF FOUND THEN
            RAISE EXCEPTION 'the versions of % do not follow what stands', stray
                USING ERRCODE = 'PL001';
        END IF;
        INSERT INTO ledger.events (position, stream, version, topic, state)
        SELECT head + o, s, v, t, st
        FROM unnest(streams, versions, topics, states)
            WITH ORDINALITY AS given (s, v, t, st, o);
    END IF;
    IF cardinality(ids) > 0 THEN
        SELECT c.number, c.recorded_at INTO latest
        FROM ledger.commands AS c ORDER BY c.number DESC LIMIT 1;
        IF last <> coalesce(latest.number, 0)
            OR recorded_ats[1] COLLATE "C" < coalesce(latest.recorded_at, '')
        THEN
            RAISE EXCEPTION 'the answers do not stand at %, or time went back', last
                USING ERRCODE = 'PL001';
        END IF;
        INSERT INTO ledger.commands
        SELECT last + o, i, h, oc, at, f, c, r, d
        FROM unnest(ids, hashes, outcomes, recorded_ats, first_positions, counts,
            refusals, digests) WITH ORDINALITY AS given (i, h, oc, at, f, c, r, d, o);
    END IF;
    IF cardinality(text_commitments) > 0 THEN
        INSERT INTO ledger.texts (commitment, salt, text)
        SELECT * FROM unnest(text_commitments, text_salts, texts);
    END IF;
    IF cardinality(party_commitments) > 0 THEN
        INSERT INTO ledger.parties (party, commitment, salt, name)
        SELECT * FROM unnest(parties, party_commitments, party_salts, names);
    END IF;
    -- Delivered at the commit, and to whoever listens then: a waker, not a record.
    PERFORM pg_notify('premium_ledger', (head + cardinality(streams))::text);
END
$$;

-- Rights -----------------------------------------------------------------------------

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ledger FROM PUBLIC;
GRANT USAGE ON SCHEMA ledger TO premium_app;
GRANT SELECT ON ALL TABLES IN SCHEMA ledger TO premium_app;
GRANT DELETE ON ledger.texts, ledger.parties TO premium_app;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ledger TO premium_app;

CREATE SCHEMA views;
GRANT USAGE, CREATE ON SCHEMA views TO premium_app;
