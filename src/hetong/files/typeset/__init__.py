"""Papers as PDF/A: a template of ours and data as JSON, set by a long-lived child process with limits.

Templates stand beside those of pages (``<app>/templates/<app>/<name>.typ``) and read their data from one
JSON value, so what people typed is never code. The fonts in ``fonts/`` are put there by the build.
"""
