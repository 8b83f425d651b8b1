"""A bench with people on it, put there as Slack would."""

from collections.abc import Mapping
from datetime import date
from itertools import count

from sqlmodel import Session, col, select

from bot.domain.ids import SlackUserId
from bot.flows.interview import Entry, Plan, plan_interview, score_interview
from bot.flows.keep_bench import NewProspect, add_prospect
from bot.runtime import Runtime
from bot.storage.hiring import InterviewRow, ProspectRow
from integrations.sandbox.slack.state.values import Message
from tests.office import answers
from tests.slack_world import CRM_IDS
from tests.stage import Stage

MARIA, KIM, SAM = (SlackUserId(f"U0{name}") for name in ("MARIA", "KIM", "SAM"))
ROLE = "mid_market_ae"
TODAY = date(2026, 11, 24)
NUMBERS = count()


def given_prospect(runtime: Runtime, name: str = "Dana Ortiz", **changes: object) -> int:
    told: dict[str, object] = {"role": ROLE, "name": name, "source": "referral", **changes}
    new = NewProspect(**told)  # type: ignore[arg-type]  # named as the fields are
    assert add_prospect(runtime, by=MARIA, new=new) == {}
    row = ProspectRow
    with Session(runtime.database) as session:
        found = session.exec(select(row.id).where(col(row.name) == name)).one()
    return found or 0


def given_interview(
    runtime: Runtime, prospect: int, *, by: str = "kim", on: date = TODAY, slot: int | None = None
) -> int:
    plan = Plan(prospect=prospect, interviewer=CRM_IDS[by], held_on=on, slot=slot)
    assert plan_interview(runtime, by=MARIA, plan=plan) == {}
    row = InterviewRow
    with Session(runtime.database) as session:
        wanted = select(row.id).where(
            col(row.prospect_id) == prospect, col(row.interviewer_id) == CRM_IDS[by]
        )
        found = session.exec(wanted.order_by(col(row.id).desc())).first()
    return found or 0


def given_scores(
    runtime: Runtime,
    interview: int,
    *,
    by: str = "kim",
    evidence: Mapping[str, str] | None = None,
    **scores: int,
) -> None:
    entry = Entry(scores=scores, evidence=evidence or {})
    person = SlackUserId(f"U0{by.upper()}")
    assert score_interview(runtime, by=person, interview=interview, entry=entry) == {}


def prospect_of(runtime: Runtime, number: int) -> ProspectRow:
    with Session(runtime.database) as session:
        found = session.get(ProspectRow, number)
    assert found is not None
    return found


def interview_of(runtime: Runtime, number: int) -> InterviewRow:
    with Session(runtime.database) as session:
        found = session.get(InterviewRow, number)
    assert found is not None
    return found


def given_bench(runtime: Runtime) -> tuple[int, int]:
    """Acme, whom Kim has met and not scored yet, and others; the prospect and the interview."""
    known = given_prospect(runtime, "Acme", referrer="Acme", contact="Acme")
    first = given_interview(runtime, known)
    given_interview(runtime, given_prospect(runtime, "Globex"))
    for number in range(5):
        met = given_prospect(runtime, f"Zqx {number}")
        for who, score in (("kim", 4), ("sam", 2)):
            given_scores(runtime, given_interview(runtime, met, by=who), by=who, drive=score)
    return known, first


def to_score(stage: Stage) -> Message:
    """Kim's list, with somebody to score."""
    given_interview(stage.office, given_prospect(stage.office, f"To score {next(NUMBERS)}"))
    return answers(stage.slack, "/interview", person="kim")


def scored(stage: Stage) -> Message:
    """Kim's list, with somebody whose scores may be read."""
    met = given_prospect(stage.office, f"Scored {next(NUMBERS)}")
    given_scores(stage.office, given_interview(stage.office, met), curiosity=3)
    return answers(stage.slack, "/interview", person="kim")


def on_the_bench(stage: Stage) -> Message:
    given_prospect(stage.office, f"On the bench {next(NUMBERS)}")
    return answers(stage.slack, "/bench", person="maria")
