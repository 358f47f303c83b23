"""The receipt of a number: how it was defined, counted, worked out and judged."""
