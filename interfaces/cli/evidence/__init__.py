"""Words for what decisions rest on: imports, rulebooks, results."""
