"""What a part file holds, and how it lies on the disk."""
