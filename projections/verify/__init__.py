"""Everything derived from the log again and compared with what stands there."""
