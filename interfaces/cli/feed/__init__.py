"""Words for the feed: topics, relay, consumers, parked messages."""
