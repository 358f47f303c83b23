"""The statistics of judging: sums of days in, verdicts on each metric out; nothing here needs the rows."""
