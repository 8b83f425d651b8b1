from bot.flows.pace import BURST, Pace


class Watch:
    def __init__(self) -> None:
        self.seconds = 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds


def paced() -> tuple[Pace, Watch]:
    watch = Watch()
    return Pace(monotonic=lambda: watch.seconds, sleep=watch.sleep), watch


def test_a_short_burst_passes_at_once() -> None:
    pace, watch = paced()
    for _ in range(BURST):
        pace.take("kim")
    assert watch.slept == []


def test_after_the_burst_one_a_second() -> None:
    pace, watch = paced()
    for _ in range(BURST + 3):
        pace.take("kim")
    assert watch.slept == [1.0, 1.0, 1.0]


def test_who_was_told_enough_is_left_alone_and_others_are_not() -> None:
    pace, watch = paced()
    for _ in range(BURST):
        pace.take("kim")
    pace.take("sam")
    assert pace.told_enough() == {"kim"}
    pace.rest()
    assert watch.slept == [1.0]
    assert pace.told_enough() == frozenset()
