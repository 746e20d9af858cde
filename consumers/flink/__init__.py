"""Balances by Flink SQL, for who reads the topics with a cluster."""
