"""What a metric is made of: clock, aggregation, words."""
