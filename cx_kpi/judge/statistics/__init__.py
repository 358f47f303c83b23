"""The statistics of judging: sums of days in, what may be said of each metric out; nothing here needs the rows."""
