"""The view: the report as harmless texts, which every renderer draws."""
