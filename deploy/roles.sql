-- Who may log in, made once, when the database is empty; run by the image of PostgreSQL
-- as the owner, or by hand with psql. Passwords come from its environment.
--
-- premium_service: follower, relay and inbound. Reads the ledger, and adds to it
-- through one function (ledger/store/postgres/migrations/0001_log.sql).
-- premium_consumer: reads the topics. Has no right in the ledger's database.

\getenv service PREMIUM_SERVICE_PASSWORD
\getenv consumer PREMIUM_CONSUMER_PASSWORD

CREATE ROLE premium_app NOLOGIN;
CREATE ROLE premium_service LOGIN PASSWORD :'service' IN ROLE premium_app;
CREATE ROLE premium_consumer LOGIN PASSWORD :'consumer';

CREATE DATABASE reporting OWNER premium_consumer;
REVOKE ALL ON DATABASE reporting FROM PUBLIC;
-- What inbound keeps, its offsets and what it parked, lies in a schema of its own.
GRANT CONNECT, CREATE ON DATABASE reporting TO premium_service;

SELECT current_database() AS ledger \gset
REVOKE ALL ON DATABASE :"ledger" FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE :"ledger" TO premium_service;
