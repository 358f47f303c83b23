"""Words, numbers and dates as people read them, in the language of the report."""
