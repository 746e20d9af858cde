"""What a body does with what it received, and what is left of it."""
