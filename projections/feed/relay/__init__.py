"""The relay: public records sent to the broker, with the position reached."""
