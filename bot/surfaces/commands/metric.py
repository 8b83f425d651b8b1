"""What a number means, and the records behind one's own."""

from dataclasses import replace

from bot.domain.metric import Aggregate
from bot.domain.success_model import TargetRange
from bot.queries import metric_detail
from bot.queries.charts import weekly_chart
from bot.queries.spoken import split_share
from bot.runtime import Runtime
from bot.surfaces.command import Audience, Command, Question, Reply


def answer(question: Question, runtime: Runtime) -> Reply:
    """``share`` shows the channel what the metric means, and nobody's numbers or records."""
    words, is_shared = split_share(runtime.metrics, " ".join(question.words))
    detail = metric_detail.ask(runtime, asker=question.asker, words=words)
    if is_shared:
        detail = metric_detail.without_people(detail)
    weeks = detail.own.weeks if detail.own else ()
    currency = runtime.organisation.currency
    view = {
        "detail": detail,
        "by_week": weekly_chart(
            detail.metric,
            weeks,
            fair=_for_one_week(detail),
            currency=currency,
            locale=detail.locale,
        ),
        "metric": detail.metric,
        "currency": currency,
        "locale": detail.locale,
        "zone": detail.zone,
    }
    message = runtime.renderer.render("commands/metric.j2", view)
    return Reply(message=message, is_shared=is_shared)


def _for_one_week(detail: metric_detail.MetricDetail) -> TargetRange | None:
    """What adds up is held to its part of the range's weeks, a share to the range itself."""
    target = detail.target
    if target is None or detail.metric.aggregate is Aggregate.RATIO:
        return target
    return replace(target, low=target.low / target.weeks, high=target.high / target.weeks)


COMMAND = Command(
    name="/metric",
    usage="NAME [one of your reps] [share]",
    summary="What a metric counts, why it matters, and your own records behind it.",
    audience=Audience.EVERYBODY,
    answer=answer,
)
