"""What happened: files to validated frames."""
