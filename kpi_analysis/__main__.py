"""`python -m kpi_analysis` is the `kpi` command."""

from kpi_analysis.cli import main

if __name__ == "__main__":
    main()
