from .setup import add_types, edit_types, seed_types

__all__ = ["add_types", "edit_types", "seed_types"]
