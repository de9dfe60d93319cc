"""Drawing only: every number arrives worked out."""
