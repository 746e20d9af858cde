"""The reporting database: what analysts ask, in tables and views of SQL."""
