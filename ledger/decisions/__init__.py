"""One file a subject: its commands, its refusals, its pure deciders."""
