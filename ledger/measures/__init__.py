"""Measured results over every body: windows, margins to a test, what is missing."""
