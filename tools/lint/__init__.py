"""Our own rules: what general linters cannot know. Run with `python -m tools.lint [paths]`.

Each rule is one file in `rules/` that opens with its reason. The only escape is a comment on the
line itself, on the line above, or, for a whole file, among its first ten lines:

    # allow: <rule> — why this place is right
"""
