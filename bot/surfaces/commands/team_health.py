"""How a team stands against what good looks like in its roles."""

from bot.queries import team_health
from bot.queries.charts import team_chart
from bot.runtime import Runtime
from bot.surfaces.command import Audience, Command, Question, Reply

SHARE = "share"


def answer(question: Question, runtime: Runtime) -> Reply:
    """``share`` shows it to the channel, without the names of those who are short of target."""
    is_shared = SHARE in {word.lower() for word in question.words}
    words = tuple(word for word in question.words if word.lower() != SHARE)
    health = team_health.ask(runtime, asker=question.asker, words=words)
    currency = runtime.organisation.currency
    view = {
        "health": health,
        "chart_of_team": team_chart(health, currency=currency, is_shared=is_shared),
        "is_shared": is_shared,
        "currency": currency,
        "locale": health.locale,
        "zone": health.zone,
    }
    message = runtime.renderer.render("commands/team_health.j2", view)
    return Reply(message=message, is_shared=is_shared)


COMMAND = Command(
    name="/team-health",
    usage="[team] [last 4 weeks] [share]",
    summary="How your team stands against its playbooks, and where to look first.",
    audience=Audience.MANAGER,
    answer=answer,
)
