from integrations.sandbox.changes import SlackPerson
from integrations.sandbox.slack.api.call import ApiError, Call
from integrations.sandbox.slack.api.conversations import listing
from integrations.sandbox.slack.api.table import Answer
from integrations.sandbox.slack.state.values import Json
from integrations.sandbox.slack.state.wire import (
    bot_user_as_json,
    person_as_json,
    profile_as_json,
)


def users_info(call: Call) -> Json:
    if call.text("user") == call.workspace.bot.user_id:
        return {"user": bot_user_as_json(call.workspace)}
    return {"user": _shown(person_named(call), call)}


def users_list(call: Call) -> Json:
    people, cursor = call.page(list(call.workspace.people.values()), default=1000)
    members = [_shown(person, call) for person in people]
    if not call.text("cursor"):
        members.append(bot_user_as_json(call.workspace))
    return {
        "members": members,
        "cache_ts": int(call.installation.clock.now().timestamp()),
        **cursor,
    }


def users_lookup_by_email(call: Call) -> Json:
    wanted = call.text("email").casefold()
    for person in call.workspace.people.values():
        if person.email.casefold() == wanted:
            return {"user": _shown(person, call)}
    raise ApiError("users_not_found")


def users_profile_get(call: Call) -> Json:
    profile = profile_as_json(person_named(call), call.workspace)
    if "users:read.email" not in call.installation.credentials.scopes:
        del profile["email"]
    return {"profile": profile}


def users_get_presence(call: Call) -> Json:
    """Of the person, or of the bot itself when nobody is named, which is always there."""
    user = call.text("user") or call.workspace.bot.user_id
    if user == call.workspace.bot.user_id:
        return {"presence": "active"}
    person = call.workspace.people.get(user)
    if person is None:
        # Slack documents no error of this method's own.
        raise ApiError("invalid_arguments", messages=["[ERROR] no such user: user"])
    return {"presence": call.workspace.presence.of(person)}


def users_conversations(call: Call) -> Json:
    bot = call.workspace.bot.user_id
    user = call.text("user") or bot
    shared = [
        each
        for each in call.workspace.conversations
        if user in each.members and (not each.is_private or bot in each.members)
    ]
    return listing(call, shared)


def dnd_info(call: Call) -> Json:
    person_named(call)
    return {
        "dnd_enabled": False,
        "next_dnd_start_ts": 1,
        "next_dnd_end_ts": 1,
        "snooze_enabled": False,
    }


def person_named(call: Call) -> SlackPerson:
    person = call.workspace.people.get(call.text("user"))
    if person is None:
        raise ApiError("user_not_found")
    return person


def _shown(person: SlackPerson, call: Call) -> Json:
    shown = person_as_json(person, call.workspace)
    if "users:read.email" not in call.installation.credentials.scopes:
        del shown["profile"]["email"]
    if not call.flag("include_locale"):
        del shown["locale"]
    return shown


METHODS: dict[str, Answer] = {
    "dnd.info": dnd_info,
    "users.conversations": users_conversations,
    "users.getPresence": users_get_presence,
    "users.info": users_info,
    "users.list": users_list,
    "users.lookupByEmail": users_lookup_by_email,
    "users.profile.get": users_profile_get,
}
