"""The contract of the feed, generated from its models: JSON Schemas, AsyncAPI."""
