"""The receipt of a number and the check of data, in every format."""
