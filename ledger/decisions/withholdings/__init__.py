"""What is kept back by decision, and let go again."""
