"""Invented years of invented groups, as commands for `premium run`."""
