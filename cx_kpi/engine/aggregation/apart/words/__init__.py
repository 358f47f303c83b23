"""Words in texts: how many texts hold each, and which set low ratings apart."""
