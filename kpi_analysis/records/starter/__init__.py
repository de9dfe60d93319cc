"""What `kpi init` writes: an empty workspace, or the demo organisation with its planted stories."""
