"""CSV and its relatives: told apart, checked, and handed on exactly."""
