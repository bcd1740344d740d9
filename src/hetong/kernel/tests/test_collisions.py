"""Law 11: what two writers at once break is tried once more; what is wrong by itself is not."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, OperationalError

from hetong.kernel.collisions import Collided, once_more

pytestmark = pytest.mark.django_db(transaction=True)


def failing(*errors: Exception | None) -> tuple[list[int], object]:
    """A service that raises these in turn, and how often it was asked."""
    asked: list[int] = []

    @once_more
    def service() -> str:
        asked.append(1)
        error = errors[len(asked) - 1]
        if error is not None:
            raise error
        return "done"

    return asked, service


@pytest.mark.parametrize(
    "error", [OperationalError("database is locked"), IntegrityError("FOREIGN KEY constraint failed")]
)
def test_what_another_writer_broke_is_tried_once_more(error: Exception) -> None:
    asked, service = failing(error, None)
    assert callable(service)
    assert service() == "done"
    assert len(asked) == 2


def test_a_second_collision_is_said_in_words() -> None:
    locked = OperationalError("database is locked")
    _asked, service = failing(locked, locked)
    assert callable(service)
    with pytest.raises(Collided):
        service()


@pytest.mark.parametrize("error", [IntegrityError("UNIQUE constraint failed"), OperationalError("no such table")])
def test_what_is_wrong_by_itself_is_not_tried_again(error: Exception) -> None:
    asked, service = failing(error, None)
    assert callable(service)
    with pytest.raises(type(error)):
        service()
    assert len(asked) == 1
