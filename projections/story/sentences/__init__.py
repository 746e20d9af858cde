"""One sentence a fact, in plain English, by subject."""
