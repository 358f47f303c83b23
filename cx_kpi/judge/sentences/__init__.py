"""The sentences of the report about its figures."""
