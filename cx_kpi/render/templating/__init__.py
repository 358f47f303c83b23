"""Templates: the plain values they are given, and the sandbox that fills them."""
