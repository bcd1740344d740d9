#!/usr/bin/env python3
"""Django's usual door, for tools that look for it; the same as the command `hetong`."""

from hetong.config.cli import main

if __name__ == "__main__":
    main()
