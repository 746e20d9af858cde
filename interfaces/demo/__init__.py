"""The demo: a tour of three ledgers, by the commands that it prints."""
