"""Measures and gates judged on recorded results, and whose results count for whom."""
