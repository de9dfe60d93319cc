"""At the prompt: workspaces, measures and charts that show themselves, in Jupyter and terminals."""
