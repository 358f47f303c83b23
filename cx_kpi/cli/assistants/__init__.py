"""Reports for assistants: what they may ask of a folder of exports, and what they are told."""
