"""Topics read and written by kafka-python, and how far a consumer lags."""
