"""``python -m hetong.exchange``: the helper of a large import, started by `exchange.services.ahead` and by nobody else."""

import os
import sys

import django

if __name__ == "__main__":
    os.environ["HETONG_PROCESS"] = "reader"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hetong.config.settings")
    django.setup()

    from hetong.exchange.services.ahead import help_out

    # standard output itself may be unbuffered (PYTHONUNBUFFERED), and then a write that is interrupted stops half way
    with open(sys.stdout.fileno(), "wb", closefd=False) as said:
        help_out(sys.stdin.buffer, said)
