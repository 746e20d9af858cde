"""The latest balance and award of each account, kept on compacted topics."""
