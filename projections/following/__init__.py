"""How views follow the log, in an SQLite file or a PostgreSQL schema."""
