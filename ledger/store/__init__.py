"""Plug-ins for the eventsourcing library: where the log is kept."""
