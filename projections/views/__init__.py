"""Tables that follow the log, one file a view, each with its plain reference form."""
