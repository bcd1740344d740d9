"""Files by their hash: kept once, looked at before they are kept, served so that no browser runs them.

What is kept is judged by its content, never by its name; names are words for people. Text and page
images are made in a child process with limits, since the parsers are the part that breaks. It knows
no record: who may read a file is decided by what holds it.
"""
