"""What `make` runs. Whatever runs before the virtual environment exists uses the standard library alone."""
