"""Where a job's results lie, with its offsets and parked messages."""
