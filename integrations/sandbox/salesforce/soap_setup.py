"""SOAP operations about people's passwords and what they see: tabs, layouts, colours."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from xml.etree import ElementTree as ET

from integrations.sandbox.salesforce import interface, related
from integrations.sandbox.salesforce.errors import ApiError
from integrations.sandbox.salesforce.instance import Instance
from integrations.sandbox.salesforce.soap_elements import Operation, errors, members, text, texts
from integrations.sandbox.salesforce.wire import Call


def _set_password(instance: Instance, call: Call, body: ET.Element, now: datetime) -> str:
    wanted = json.dumps({"NewPassword": text(body, "password")}).encode()
    related.set_password(instance, replace(call, body=wanted), text(body, "userId"), now=now)
    return "<result/>"


def _reset_password(instance: Instance, call: Call, body: ET.Element, now: datetime) -> str:
    told = related.reset_password(instance, call, text(body, "userId"), now=now).body
    return _result({"password": told["NewPassword"]})


def _tabs(instance: Instance, call: Call, body: ET.Element, now: datetime) -> str:
    del body
    shown = interface.tabs(instance, call, now=now).body
    return _result({"label": "Sales", "logoUrl": "/logo.png", "selected": True, "tabs": shown})


def _all_tabs(instance: Instance, call: Call, body: ET.Element, now: datetime) -> str:
    del body
    return "".join(_result(each) for each in interface.tabs(instance, call, now=now).body)


def _layout(instance: Instance, call: Call, body: ET.Element, now: datetime) -> str:
    return _result(interface.layouts(instance, call, text(body, "sObjectType"), now=now).body)


def _theme(instance: Instance, call: Call, body: ET.Element, now: datetime) -> str:
    del body
    return _result(interface.theme(instance, call, now=now).body)


def _ended(instance: Instance, call: Call, body: ET.Element, now: datetime) -> str:
    del call
    told = []
    for token in texts(body, "sessionIds"):
        try:
            instance.sessions.resume(f"Bearer {token}", now=now)
        except ApiError as error:
            told.append(f"<result>{errors(error)}<success>false</success></result>")
        else:
            instance.sessions.end(token)
            told.append("<result><success>true</success></result>")
    return "".join(told)


def _result(told: Mapping[str, Any]) -> str:
    return f"<result>{members(told)}</result>"


SETUP: Mapping[str, Operation] = {
    "setPassword": _set_password,
    "resetPassword": _reset_password,
    "describeTabs": _tabs,
    "describeAllTabs": _all_tabs,
    "describeLayout": _layout,
    "describeTheme": _theme,
    "invalidateSessions": _ended,
}
