from .packages import build_packages

__all__ = ["build_packages"]
