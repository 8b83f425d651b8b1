"""The SOAP login() of old clients, and what they ask beside it."""

import re
from collections.abc import Mapping
from datetime import datetime
from html import escape, unescape

from integrations.sandbox.salesforce.errors import ApiError
from integrations.sandbox.salesforce.instance import Instance
from integrations.sandbox.salesforce.oauth import instance_url
from integrations.sandbox.salesforce.soap_records import carried_out
from integrations.sandbox.salesforce.wire import Call, Reply

#: login() is gone from later versions.
LAST_VERSION = 64
SPENT = "TotalRequests Limit exceeded."
#: By the letter in the address: the partner's and the enterprise's.
_NAMESPACES = {"u": "urn:partner.soap.sforce.com", "c": "urn:enterprise.soap.sforce.com"}
_ENVELOPE = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" '
    "{spaces}><soapenv:Body>{body}</soapenv:Body></soapenv:Envelope>"
)
_OPERATION = re.compile(
    r"<(?:[\w.-]+:)?Body[^>]*>\s*<(?:[\w.-]+:)?(\w+)[\s/>]", re.IGNORECASE | re.DOTALL
)


def fault(code: str, message: str) -> Reply:
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


def element(document: str, name: str) -> str:
    return next(iter(elements(document, name)), "")


def elements(document: str, name: str) -> list[str]:
    """The texts of all elements of a name, whatever their namespace."""
    found = re.findall(
        rf"<(?:[\w.-]+:)?{name}(?:\s[^>]*)?>(.*?)</(?:[\w.-]+:)?{name}>", document, re.DOTALL
    )
    return [unescape(text) for text in found]


def operation_in(call: Call) -> str:
    return operation_of(call.body.decode("utf-8", "replace"))


def operation_of(document: str) -> str:
    operation = _OPERATION.search(document)
    return operation[1] if operation else ""


def response(namespace: str, operation: str, answer: str) -> Reply:
    spaces = f'xmlns="{namespace}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    body = f"<{operation}Response>{answer}</{operation}Response>"
    return Reply.xml(200, _ENVELOPE.format(spaces=spaces, body=body))


def soap(instance: Instance, call: Call, kind: str, version: str, *, now: datetime) -> Reply:
    document = call.body.decode("utf-8", "replace")
    name = operation_of(document)
    if name == "login":
        answer = _login(instance, call, document, f"{kind}/{version}", now=now)
    elif name in {"getUserInfo", "logout"}:
        answer = _with_session(instance, document, name, now=now)
    else:
        answer = _of_records(instance, call, name, version, now=now)
    if isinstance(answer, Reply):
        return answer
    return response(_NAMESPACES[kind], name, answer)


def _of_records(
    instance: Instance, call: Call, name: str, version: str, *, now: datetime
) -> Reply | str:
    refusal = without_session(instance, call.body.decode("utf-8", "replace"), now=now)
    if refusal is not None:
        return refusal
    if not instance.usage.count(now):
        return fault("REQUEST_LIMIT_EXCEEDED", SPENT)
    try:
        answer = carried_out(instance, call, name, version, now=now)
    except ApiError as error:
        return fault(error.code, error.message)
    if answer is None:
        return fault("INVALID_TYPE", f"this sandbox has no SOAP operation {name}; use REST")
    return answer


def _login(
    instance: Instance, call: Call, document: str, service: str, *, now: datetime
) -> Reply | str:
    """``service`` is like ``u/61.0``."""
    version = service.partition("/")[2]
    if float(version) > LAST_VERSION:
        return fault(
            "INVALID_OPERATION",
            f"SOAP API login() is not available in API version {version} and later; use OAuth",
        )
    credentials = instance.credentials
    user, secret = element(document, "username"), element(document, "password")
    accepted = {credentials.password + credentials.security_token}
    if element(document, "organizationId"):
        # Named organisations log in from a trusted network, without the token.
        accepted.add(credentials.password)
    if user.lower() != credentials.username.lower() or secret not in accepted:
        return fault(
            "INVALID_LOGIN",
            "Invalid username, password, security token; or user locked out.",
        )
    return _login_result(instance, call, service, now=now)


def _with_session(
    instance: Instance, document: str, operation: str, *, now: datetime
) -> Reply | str:
    refusal = without_session(instance, document, now=now)
    if refusal is not None:
        return refusal
    if operation == "getUserInfo":
        return f"<result>{_user_info(instance)}</result>"
    instance.sessions.end(element(document, "sessionId"))
    return ""


def without_session(instance: Instance, document: str, *, now: datetime) -> Reply | None:
    """A fault unless the header names a session that has not ended."""
    try:
        instance.sessions.resume(f"Bearer {element(document, 'sessionId')}", now=now)
    except ApiError:
        return fault(
            "INVALID_SESSION_ID", "Invalid Session ID found in SessionHeader: Illegal Session"
        )
    return None


def _user_info(instance: Instance) -> str:
    credentials = instance.credentials
    user: Mapping[str, str] = {
        "accessibilityMode": "false",
        "currencySymbol": "$",
        "orgAttachmentFileSizeLimit": "5242880",
        "orgDefaultCurrencyIsoCode": "USD",
        "orgDisallowHtmlAttachments": "false",
        "orgHasPersonAccounts": "false",
        "organizationId": instance.organization_id,
        "organizationMultiCurrency": "false",
        "organizationName": "Pacesetter Sandbox",
        "profileId": "00eSB0000000001AAA",
        "roleId": "",
        "sessionSecondsValid": "7200",
        "userDefaultCurrencyIsoCode": "",
        "userEmail": credentials.username,
        "userFullName": credentials.display_name,
        "userId": credentials.user_id,
        "userLanguage": "en_US",
        "userLocale": "en_US",
        "userName": credentials.username,
        "userTimeZone": credentials.zone,
        "userType": "Standard",
        "userUiSkin": "Theme3",
    }
    return "".join(f"<{name}>{escape(value)}</{name}>" for name, value in user.items())


def _login_result(instance: Instance, call: Call, service: str, *, now: datetime) -> str:
    credentials, organization = instance.credentials, instance.organization_id
    session = instance.sessions.open(credentials.user_id, now=now)
    home, version = instance_url(instance, call), service.partition("/")[2]
    return (
        "<result>"
        f"<metadataServerUrl>{home}/services/Soap/m/{version}/{organization}</metadataServerUrl>"
        "<passwordExpired>false</passwordExpired><sandbox>true</sandbox>"
        f"<serverUrl>{home}/services/Soap/{service}/{organization}</serverUrl>"
        f"<sessionId>{escape(session.token)}</sessionId><userId>{credentials.user_id}</userId>"
        f"<userInfo>{_user_info(instance)}</userInfo></result>"
    )
