"""The app itself: put into the workspace, checked, and taken out of it."""

from integrations.sandbox.slack.api.call import ApiError, Call
from integrations.sandbox.slack.api.manifests import complaints_about_manifest
from integrations.sandbox.slack.api.table import Answer
from integrations.sandbox.slack.state.happenings import AppUninstalled, BotTokenRevoked
from integrations.sandbox.slack.state.values import Json


def auth_revoke(call: Call) -> Json:
    if call.flag("test"):
        return {"revoked": False}
    call.workspace.changes.tell(BotTokenRevoked())
    call.installation.is_revoked = True
    return {"revoked": True}


def apps_uninstall(call: Call) -> Json:
    _check_client(call)
    call.workspace.changes.tell(AppUninstalled())
    call.installation.is_uninstalled = True
    return {"uninstalled": True}


def oauth_v2_access(call: Call) -> Json:
    """Exchange the code of an installation for the bot's token; the app is then in again."""
    _check_client(call)
    if call.text("grant_type", "authorization_code") != "authorization_code":
        raise ApiError("invalid_grant_type")
    installation, bot = call.installation, call.workspace.bot
    redirect_url = installation.install_codes.get(call.text("code"))
    if redirect_url is None:
        raise ApiError("invalid_code")
    if call.text("redirect_uri") != redirect_url:
        raise ApiError("bad_redirect_uri")
    del installation.install_codes[call.text("code")]
    installation.is_revoked = installation.is_uninstalled = False
    credentials, team = installation.credentials, call.workspace.team
    return {
        "app_id": bot.app_id,
        "access_token": credentials.bot_token,
        "token_type": "bot",
        "scope": ",".join(sorted(credentials.scopes)),
        "bot_user_id": bot.user_id,
        "team": {"id": team.id, "name": team.name},
        "enterprise": None,
        "is_enterprise_install": False,
        "authed_user": {"id": next(iter(call.workspace.people))},
    }


def apps_manifest_validate(call: Call) -> Json:
    manifest = call.structure("manifest", error="invalid_manifest")
    errors = [
        {"message": each.message, "pointer": each.pointer}
        for each in complaints_about_manifest(manifest)
    ]
    if errors:
        raise ApiError("invalid_manifest", errors=errors)
    return {"errors": []}


def _check_client(call: Call) -> None:
    credentials = call.installation.credentials
    if call.text("client_id") != credentials.client_id:
        raise ApiError("invalid_client_id")
    if call.text("client_secret") != credentials.client_secret:
        raise ApiError("bad_client_secret")


METHODS: dict[str, Answer] = {
    "apps.manifest.validate": apps_manifest_validate,
    "apps.uninstall": apps_uninstall,
    "auth.revoke": auth_revoke,
    "oauth.v2.access": oauth_v2_access,
}
