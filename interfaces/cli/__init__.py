"""The command `premium`: one file a subject, each importing late to start fast."""
