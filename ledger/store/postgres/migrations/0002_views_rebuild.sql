-- Where views are made anew, beside those in the schema `views` that are read.

CREATE SCHEMA views_rebuild;
GRANT USAGE, CREATE ON SCHEMA views_rebuild TO premium_app;
