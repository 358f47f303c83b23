"""Tables: what follows from their columns, which rows count, and files put together."""
