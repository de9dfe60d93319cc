"""Performance measures that people act on (door: filled in as stations are built)."""
