"""How tests of deliveries put messages in, and read what came of them."""

from sqlalchemy import Engine
from sqlmodel import Session, select

from bot.domain.message import Message
from bot.runtime import Runtime
from bot.storage.database import transaction
from bot.storage.outbox import DeliveryRow, enqueue
from tests.slack_world import SlackWorld

KIM, SAM = "U0KIM", "U0SAM"


def given_message(
    runtime: Runtime, key: str, *, to: str = KIM, text: str = "Hello", thread: int = 0
) -> None:
    parts = tuple(Message(text=f"{text}, part {number}") for number in range(1, thread + 1))
    now = runtime.clock.now()
    with transaction(runtime.database) as session:
        enqueue(
            session,
            dedupe_key=key,
            kind="nudge",
            recipient=to,
            message=Message(text=text, thread=parts),
            not_before=now,
            now=now,
        )


def rows(database: Engine) -> list[DeliveryRow]:
    with Session(database) as session:
        return list(session.exec(select(DeliveryRow).order_by(DeliveryRow.id)))  # type: ignore[arg-type]  # a column


def texts(slack: SlackWorld, person: str = "kim") -> list[str]:
    return [message.text for message in slack.sandbox.direct_messages_to(person)]
