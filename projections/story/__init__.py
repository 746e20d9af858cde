"""Records told as sentences, in plain English."""
