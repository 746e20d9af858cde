"""The whole log as a file of lines, written and read back."""
