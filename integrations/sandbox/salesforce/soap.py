"""The SOAP login() of old clients; everything else of that API is left to REST."""

import re
from datetime import datetime
from html import escape, unescape

from integrations.sandbox.salesforce.instance import Instance
from integrations.sandbox.salesforce.oauth import instance_url
from integrations.sandbox.salesforce.wire import Call, Reply

#: login() is gone from later versions.
LAST_VERSION = 64
_PARTNER = "urn:partner.soap.sforce.com"
_ENVELOPE = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" '
    "{spaces}><soapenv:Body>{body}</soapenv:Body></soapenv:Envelope>"
)


def _fault(code: str, message: str) -> Reply:
    details = (
        f"<sf:{'LoginFault' if code.startswith('INVALID_LOGIN') else 'UnexpectedErrorFault'}>"
        f"<sf:exceptionCode>{code}</sf:exceptionCode>"
        f"<sf:exceptionMessage>{escape(message)}</sf:exceptionMessage>"
        f"</sf:{'LoginFault' if code.startswith('INVALID_LOGIN') else 'UnexpectedErrorFault'}>"
    )
    body = (
        f"<soapenv:Fault><faultcode>sf:{code}</faultcode>"
        f"<faultstring>{code}: {escape(message)}</faultstring>"
        f"<detail>{details}</detail></soapenv:Fault>"
    )
    spaces = (
        'xmlns:sf="urn:fault.partner.soap.sforce.com" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    )
    return Reply.xml(500, _ENVELOPE.format(spaces=spaces, body=body), verdict=code)


def _element(document: str, name: str) -> str:
    match = re.search(rf"<(?:\w+:)?{name}(?:\s[^>]*)?>(.*?)</(?:\w+:)?{name}>", document, re.DOTALL)
    return unescape(match[1]) if match else ""


def soap(instance: Instance, call: Call, version: str, *, now: datetime) -> Reply:
    document = call.body.decode("utf-8", "replace")
    if not re.search(r"<(?:\w+:)?login[\s>]", document):
        return _fault("UNKNOWN_EXCEPTION", "this sandbox speaks no SOAP but login()")
    if float(version) > LAST_VERSION:
        return _fault(
            "INVALID_OPERATION",
            f"SOAP API login() is not available in API version {version} and later; use OAuth",
        )
    credentials = instance.credentials
    user, secret = _element(document, "username"), _element(document, "password")
    accepted = {credentials.password + credentials.security_token}
    if _element(document, "organizationId"):
        # Named organisations log in from a trusted network, without the token.
        accepted.add(credentials.password)
    if user.lower() != credentials.username.lower() or secret not in accepted:
        return _fault(
            "INVALID_LOGIN",
            "Invalid username, password, security token; or user locked out.",
        )
    return Reply.xml(200, _login_result(instance, call, version, now=now))


def _login_result(instance: Instance, call: Call, version: str, *, now: datetime) -> str:
    credentials, organization = instance.credentials, instance.organization_id
    session = instance.sessions.open(credentials.user_id, now=now)
    home = instance_url(instance, call)
    user = {
        "accessibilityMode": "false",
        "organizationId": organization,
        "organizationName": "Pacesetter Sandbox",
        "userEmail": credentials.username,
        "userFullName": credentials.display_name,
        "userId": credentials.user_id,
        "userLanguage": "en_US",
        "userLocale": "en_US",
        "userName": credentials.username,
        "userTimeZone": credentials.zone,
        "userType": "Standard",
    }
    info = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in user.items())
    body = (
        "<loginResponse><result>"
        f"<metadataServerUrl>{home}/services/Soap/m/{version}/{organization}</metadataServerUrl>"
        "<passwordExpired>false</passwordExpired><sandbox>true</sandbox>"
        f"<serverUrl>{home}/services/Soap/u/{version}/{organization}</serverUrl>"
        f"<sessionId>{escape(session.token)}</sessionId><userId>{credentials.user_id}</userId>"
        f"<userInfo>{info}<sessionSecondsValid>7200</sessionSecondsValid></userInfo>"
        "</result></loginResponse>"
    )
    return _ENVELOPE.format(spaces=f'xmlns="{_PARTNER}"', body=body)
