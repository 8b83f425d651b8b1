from integrations.sandbox.slack.api.call import ApiError, Call
from integrations.sandbox.slack.api.table import Answer
from integrations.sandbox.slack.blockkit.complaint import Complaint
from integrations.sandbox.slack.blockkit.validate import (
    complaints_about_blocks,
    complaints_about_view,
)
from integrations.sandbox.slack.state.values import Json
from integrations.sandbox.slack.state.wire import bot_as_json


def api_test(call: Call) -> Json:
    if error := call.text("error"):
        raise ApiError(error)
    return {"args": {key: value for key, value in call.arguments.items() if key != "token"}}


def auth_test(call: Call) -> Json:
    workspace = call.workspace
    return {
        "url": f"https://{workspace.team.domain}.slack.com/",
        "team": workspace.team.name,
        "user": workspace.bot.name,
        "team_id": workspace.team.id,
        "user_id": workspace.bot.user_id,
        "bot_id": workspace.bot.bot_id,
        "is_enterprise_install": False,
    }


def bots_info(call: Call) -> Json:
    if call.text("bot", call.workspace.bot.bot_id) != call.workspace.bot.bot_id:
        raise ApiError("bot_not_found")
    return {"bot": bot_as_json(call.workspace)}


def team_info(call: Call) -> Json:
    team = call.workspace.team
    if call.text("team", team.id) != team.id:
        raise ApiError("team_not_found")
    return {
        "team": {
            "id": team.id,
            "name": team.name,
            "url": f"https://{team.domain}.slack.com/",
            "domain": team.domain,
            "email_domain": "",
            "icon": {"image_default": True},
        }
    }


def usergroups_list(_call: Call) -> Json:
    return {"usergroups": []}


def usergroups_users_list(_call: Call) -> Json:
    raise ApiError("no_such_subteam")


def emoji_list(call: Call) -> Json:
    """The workspace has none of its own; Slack's standard ones are never listed."""
    categories: Json = {"categories": []} if call.flag("include_categories") else {}
    return {"emoji": {}, "cache_ts": str(call.installation.clock.now().timestamp()), **categories}


def blocks_validate(call: Call) -> Json:
    given = [name for name in ("blocks", "message", "view") if call.arguments.get(name)]
    if len(given) != 1:
        raise ApiError(
            "invalid_arguments",
            messages=["[ERROR] provide exactly one of `blocks`, `view`, or `message`"],
        )
    kind = given[0]
    value = call.structure(kind, error="invalid_arguments")
    complaints = _complaints(kind, value)
    if complaints:
        raise ApiError(f"invalid_{kind}", errors=[each.as_error() for each in complaints])
    return {}


def _complaints(kind: str, value: object) -> list[Complaint]:
    if kind == "blocks":
        return complaints_about_blocks(value, surface="message", pointer="")
    if kind == "view":
        return complaints_about_view(value, pointer="")
    if not isinstance(value, dict):
        raise ApiError("invalid_arguments", messages=["[ERROR] `message` must be an object"])
    return complaints_about_blocks(value.get("blocks", []), surface="message", pointer="/blocks")


METHODS: dict[str, Answer] = {
    "api.test": api_test,
    "auth.test": auth_test,
    "blocks.validate": blocks_validate,
    "bots.info": bots_info,
    "emoji.list": emoji_list,
    "team.info": team_info,
    "usergroups.list": usergroups_list,
    "usergroups.users.list": usergroups_users_list,
}
