"""Reports in bounded memory: tickets read piece by piece, kept in buckets on the disk, and added up."""
