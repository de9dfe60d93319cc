"""One function a command of `kpi`: it calls the library, tells, and sets the exit code."""
