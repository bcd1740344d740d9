"""What leaves as a whole, and what comes in from files."""
