"""Ranks of ordered values, by the binomial distribution."""
