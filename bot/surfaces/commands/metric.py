"""What a number means, and the records behind one's own."""

from bot.queries import metric_detail
from bot.runtime import Runtime
from bot.surfaces.command import Audience, Command, Question, Reply


def answer(question: Question, runtime: Runtime) -> Reply:
    detail = metric_detail.ask(runtime, asker=question.asker, words=" ".join(question.words))
    view = {
        "detail": detail,
        "metric": detail.metric,
        "currency": runtime.organisation.currency,
        "locale": detail.locale,
        "zone": detail.zone,
    }
    return Reply(message=runtime.renderer.render("commands/metric.j2", view))


COMMAND = Command(
    name="/metric",
    usage="NAME [one of your reps]",
    summary="What a metric counts, why it matters, and your own records behind it.",
    audience=Audience.EVERYBODY,
    answer=answer,
)
