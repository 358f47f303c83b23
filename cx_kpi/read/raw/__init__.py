"""The bytes of a file and where they come from, before anybody knows its format."""
