"""Files as people have them, read into commands and row errors."""
