"""Commands that set figures beside others: two reports, and what a vendor shows."""
