"""Pages of work in the background: the bell, the list of jobs, the retry of what failed."""
