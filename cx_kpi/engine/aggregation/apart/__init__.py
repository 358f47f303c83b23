"""Aggregation of what does not add up: order statistics, different keys, favourites, words."""
