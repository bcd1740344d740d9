"""A2, A14: writers of one process take turns, and nobody waits for ever."""

from __future__ import annotations

import threading

from hetong.config.sqlite.base import Turns


def test_who_came_first_is_next() -> None:
    turns, order = Turns(), []
    assert turns.take(1)
    came = threading.Semaphore(0)

    def writer(name: int) -> None:
        came.release()
        assert turns.take(60)
        order.append(name)
        turns.hand_on()

    threads = []
    for name in range(5):
        threads.append(threading.Thread(target=writer, args=(name,)))
        threads[-1].start()
        came.acquire()
        while turns.waiting() < name + 1:
            pass
    turns.hand_on()
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3, 4]
    assert turns.take(0)


def test_who_does_not_get_a_turn_is_told_and_forgotten() -> None:
    turns = Turns()
    assert turns.take(0)
    assert not turns.take(0)
    assert turns.waiting() == 0
    turns.hand_on()
    assert turns.take(0)
