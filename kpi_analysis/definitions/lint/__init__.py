"""The design check: whether a measure is worth having and will do what it is meant to do."""
