"""Programs at the far end of the topics. They know events, and nothing of the log."""
