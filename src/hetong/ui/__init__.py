"""The frame of every page: base templates and components, lists, forms, saved views, errors in words.

It renders what registers say and knows no noun. Views of all apps use these parts and no others.
"""
