"""How a team stands against what good looks like in its roles."""

from bot.queries import framework, team_health
from bot.queries.charts import team_chart
from bot.runtime import Runtime
from bot.surfaces.command import Audience, Command, Question, Reply

SHARE = "share"
FRAMEWORK = "framework"


def answer(question: Question, runtime: Runtime) -> Reply:
    """``share`` shows it to the channel, without the names of those who are short of target."""
    is_shared = SHARE in {word.lower() for word in question.words}
    words = tuple(word for word in question.words if word.lower() != SHARE)
    if FRAMEWORK in {word.lower() for word in words}:
        return _framework(question, runtime, words, is_shared=is_shared)
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


def _framework(
    question: Question, runtime: Runtime, words: tuple[str, ...], *, is_shared: bool
) -> Reply:
    """It holds numbers of the team and no names; where coaching goes is never shared."""
    name = tuple(word for word in words if word.lower() != FRAMEWORK)
    found = framework.ask(runtime, asker=question.asker, words=name, is_shared=is_shared)
    view = {
        "framework": found,
        "asked": " ".join(name),
        "is_shared": is_shared,
        "locale": found.locale,
        "zone": found.zone,
    }
    message = runtime.renderer.render("commands/framework.j2", view)
    return Reply(message=message, is_shared=is_shared)


COMMAND = Command(
    name="/team-health",
    usage="[framework] [team] [last 4 weeks] [share]",
    summary="How your team stands against its playbooks, and where to look first.",
    audience=Audience.MANAGER,
    answer=answer,
)
