"""Why something was said, or not said: every decision about a record, a person or in a nudge."""

from collections.abc import Sequence

from sqlalchemy import String, cast, func, or_
from sqlmodel import Session, col, select

from bot.storage.decisions import AnswerRow, DecisionRow
from bot.storage.mirror.user import CrmUserRow
from bot.storage.outbox import DeliveryRow

MOST = 50
#: No database numbers its rows beyond this.
LARGEST_ID = 2**31 - 1


def explain(session: Session, subject: str) -> Sequence[str]:
    """Lines for people, the newest decision first."""
    row = DecisionRow
    people = [subject, *_people_called(session, subject)]
    conditions = [
        col(row.about_id).in_(people),
        col(row.to_id).in_(people),
        col(row.subject) == subject,
        cast(col(row.records), String).like(f'%"{_plain(subject)}"%'),
    ]
    if subject.isdecimal() and int(subject) <= LARGEST_ID:
        conditions.append(col(row.id) == int(subject))
    decided = session.exec(
        select(row).where(or_(*conditions)).order_by(col(row.id).desc()).limit(MOST)
    )
    return [line for decision in decided for line in _lines(session, decision)]


def _people_called(session: Session, name: str) -> Sequence[str]:
    """By name or e-mail, however that is written."""
    user, said = CrmUserRow, name.strip().lower()
    is_called = or_(
        col(user.name) == name.strip(),
        func.lower(col(user.name)) == said,
        func.lower(col(user.email)) == said,
    )
    return session.exec(select(user.id).where(is_called)).all()


def _plain(subject: str) -> str:
    """Without the characters that LIKE would read as wildcards."""
    return "".join(letter for letter in subject if letter.isalnum())


def _lines(session: Session, decision: DecisionRow) -> Sequence[str]:
    verdict = decision.verdict + (f" ({decision.reason})" if decision.reason else "")
    lines = [
        f"#{decision.id} {decision.day} {decision.rule} → {decision.to_id}: {verdict}",
        (
            f"    priority {decision.priority:.3f}, drawn {decision.draw:.3f}, "
            f"sent with probability {decision.send_probability:g}"
        ),
    ]
    if decision.text:
        lines.append(f"    “{decision.text}”")
    lines += [f"    {label}: {words}" for label, words in decision.because.items()]
    if decision.records:
        lines.append(f"    records: {', '.join(decision.records)}")
    delivery = session.exec(
        select(DeliveryRow).where(col(DeliveryRow.decision_id) == decision.id)
    ).first()
    if delivery is not None:
        lines.append(f"    delivery: {delivery.state}")
    answers = select(AnswerRow).where(col(AnswerRow.decision_id) == decision.id)
    lines += [
        f"    answered: {answer.answer}" + (f", {answer.reason}" if answer.reason else "")
        for answer in session.exec(answers)
    ]
    return lines
