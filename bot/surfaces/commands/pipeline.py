"""How a team's pipeline moved, step by step."""

from bot.queries import pipeline
from bot.queries.charts import waterfall_chart
from bot.runtime import Runtime
from bot.surfaces.command import Audience, Command, Question, Reply

SHARE = "share"


def answer(question: Question, runtime: Runtime) -> Reply:
    """It holds sums of the team and no names, so ``share`` leaves nothing out."""
    is_shared = SHARE in {word.lower() for word in question.words}
    words = tuple(word for word in question.words if word.lower() != SHARE)
    found = pipeline.ask(runtime, asker=question.asker, words=words)
    view = {
        "pipeline": found,
        "moved": found.waterfall,
        "chart_of_moves": waterfall_chart(
            found.waterfall,
            title=f"{found.team_name}: pipeline, {found.window.label}",
            currency=found.currency,
            locale=found.locale,
        ),
        "is_shared": is_shared,
        "currency": found.currency,
        "locale": found.locale,
        "zone": found.zone,
    }
    message = runtime.renderer.render("commands/pipeline.j2", view)
    return Reply(message=message, is_shared=is_shared)


COMMAND = Command(
    name="/pipeline",
    usage="[team] [last 4 weeks] [share]",
    summary="How your pipeline for the quarter moved: created, pulled in, pushed, won and lost.",
    audience=Audience.MANAGER,
    answer=answer,
)
