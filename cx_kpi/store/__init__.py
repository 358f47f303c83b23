"""Adding exports to a store, and taking them out: each change is whole or not made."""
