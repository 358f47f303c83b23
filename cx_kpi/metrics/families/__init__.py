"""The metrics: each is one declaration; a file a family."""
