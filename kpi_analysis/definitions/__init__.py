"""What we decided to measure: definitions read from YAML, with file and line in every error."""
