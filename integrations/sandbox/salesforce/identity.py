"""Who a token stands for: the user's information and the identity URL."""

import json
from datetime import datetime
from typing import Any

from integrations.sandbox.salesforce.errors import session_expired
from integrations.sandbox.salesforce.instance import Instance
from integrations.sandbox.salesforce.oauth import identity_url, instance_url
from integrations.sandbox.salesforce.wire import Call, Reply


def userinfo(instance: Instance, call: Call, *, now: datetime) -> Reply:
    if call.session is None:
        raise session_expired()
    credentials = instance.credentials
    first, _, last = credentials.display_name.rpartition(" ")
    home = instance_url(instance, call)
    photos = {"picture": f"{home}/profilephoto/005/F", "thumbnail": f"{home}/profilephoto/005/T"}
    return Reply(
        body={
            "sub": identity_url(instance, call),
            "user_id": credentials.user_id,
            "organization_id": instance.organization_id,
            "preferred_username": credentials.username,
            "nickname": credentials.username.partition("@")[0],
            "name": credentials.display_name,
            "email": credentials.username,
            "email_verified": True,
            "given_name": first,
            "family_name": last,
            "zoneinfo": credentials.zone,
            "photos": photos,
            "profile": f"{home}/{credentials.user_id}",
            "picture": photos["picture"],
            "address": {},
            "is_salesforce_integration_user": True,
            "urls": _urls(instance, call),
            "active": True,
            "user_type": "STANDARD",
            "language": "en_US",
            "locale": "en_US",
            "utcOffset": 0,
            "updated_at": now.isoformat(),
            "is_app_installed": True,
        }
    )


def identity(
    instance: Instance, call: Call, organization: str, user: str, *, now: datetime
) -> Reply:
    if call.session is None:
        return Reply(status=403, content=b"Missing_OAuth_Token", media_type="text/html",
                     verdict="Missing_OAuth_Token")  # fmt: skip
    if (organization, user) != (instance.organization_id, instance.credentials.user_id):
        return Reply(status=403, content=b"Bad_Id", media_type="text/html", verdict="Bad_Id")
    credentials = instance.credentials
    first, _, last = credentials.display_name.rpartition(" ")
    body: dict[str, Any] = {
        "id": identity_url(instance, call),
        "asserted_user": True,
        "user_id": user,
        "organization_id": organization,
        "username": credentials.username,
        "nick_name": credentials.username.partition("@")[0],
        "display_name": credentials.display_name,
        "email": credentials.username,
        "email_verified": True,
        "first_name": first or None,
        "last_name": last,
        "timezone": credentials.zone,
        "active": True,
        "user_type": "STANDARD",
        "language": "en_US",
        "locale": "en_US",
        "utcOffset": 0,
        "last_modified_date": now.isoformat(),
        "urls": _urls(instance, call),
    }
    return Reply(content=json.dumps(body).encode())


def _urls(instance: Instance, call: Call) -> dict[str, str]:
    home = instance_url(instance, call)
    rest = f"{home}/services/data/v{{version}}/"
    return {
        "enterprise": f"{home}/services/Soap/c/{{version}}/{instance.organization_id}",
        "partner": f"{home}/services/Soap/u/{{version}}/{instance.organization_id}",
        "rest": rest,
        "sobjects": f"{rest}sobjects/",
        "query": f"{rest}query/",
        "search": f"{rest}search/",
        "recent": f"{rest}recent/",
        "profile": f"{home}/{instance.credentials.user_id}",
    }
