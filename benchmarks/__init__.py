"""What the writer costs, beside the eventsourcing library's own recorder."""
