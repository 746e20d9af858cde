"""What a body is awarded: proposed, confirmed by another person, determined again."""
