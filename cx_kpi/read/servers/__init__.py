"""Files that lie elsewhere: over http(s), in object stores; read when the user allows it."""
