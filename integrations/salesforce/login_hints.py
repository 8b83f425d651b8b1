"""What to do about each refusal of a login, by Salesforce's code and by its words."""

LOGIN_HINTS = {
    "invalid_client_id": "SALESFORCE_CLIENT_ID is unknown there: copy the app's consumer key again,"
    " and check that SALESFORCE_LOGIN_URL is the org that holds the app",
    "invalid_client": "SALESFORCE_CLIENT_ID or SALESFORCE_CLIENT_SECRET is wrong: copy both from"
    " the app's OAuth settings (a new app takes up to 10 minutes to work)",
    "invalid_app_access": "SALESFORCE_USERNAME (or the app's run-as user) is not allowed to use"
    " the app: assign its permission set under the app's policies",
    "unsupported_grant_type": "the server knows none of the login ways that your variables allow:"
    " SALESFORCE_CLIENT_ID and SALESFORCE_CLIENT_SECRET suffice for client credentials",
    "inactive_user": "the user is inactive or frozen: reactivate it, or change SALESFORCE_USERNAME",
    "inactive_org": "SALESFORCE_LOGIN_URL leads to an org that is closed or expired",
    "INVALID_LOGIN": "SALESFORCE_USERNAME, SALESFORCE_PASSWORD or SALESFORCE_SECURITY_TOKEN is"
    " wrong, or the user is locked out (sandbox orgs want"
    " SALESFORCE_LOGIN_URL=https://test.salesforce.com)",
    "LOGIN_MUST_USE_SECURITY_TOKEN": "set SALESFORCE_SECURITY_TOKEN (Settings > Reset My Security"
    " Token mails a new one), or trust this network in Setup > Network Access",
    "INVALID_SSO_GATEWAY_URL": "the user signs in through SSO only: use client credentials",
    "UNSUPPORTED_API_VERSION": "this org no longer takes username logins: set"
    " SALESFORCE_CLIENT_ID and SALESFORCE_CLIENT_SECRET of an External Client App instead",
}
GRANT_HINT = (
    "client credentials: the app needs the flow switched on and a run-as user; JWT bearer:"
    " SALESFORCE_USERNAME must be pre-authorised for the app and SALESFORCE_PRIVATE_KEY belong to"
    " its certificate; passwords: check SALESFORCE_USERNAME, SALESFORCE_PASSWORD and"
    " SALESFORCE_SECURITY_TOKEN"
)
#: Salesforce has one code, invalid_grant, for many things, and tells them apart in words.
SAID_HINTS = {
    "no client credentials user": "choose a run-as user in the app's policies, under the client"
    " credentials flow",
    "hasn't approved": "SALESFORCE_USERNAME must be pre-authorised: under the app's policies allow"
    " admin approved users and assign a permission set or profile of that user",
    "invalid assertion": "SALESFORCE_PRIVATE_KEY must belong to the certificate that was uploaded"
    " to the app",
    "audience is invalid": "SALESFORCE_LOGIN_URL must be the address of the org itself, or"
    " https://test.salesforce.com for a sandbox org",
    "expired authorization code": "this machine's clock differs from Salesforce's: let NTP set it",
    "expired access/refresh token": "SALESFORCE_REFRESH_TOKEN was revoked, has expired, or was"
    " replaced by a newer one: authorise the app again, and where the app rotates tokens name a"
    " file in SALESFORCE_REFRESH_TOKEN_FILE",
    "request not supported on this domain": "set SALESFORCE_LOGIN_URL to"
    " https://YOUR-DOMAIN.my.salesforce.com (Setup > My Domain shows it)",
    "authentication failure": "SALESFORCE_USERNAME, SALESFORCE_PASSWORD or"
    " SALESFORCE_SECURITY_TOKEN is wrong, or the org blocks password logins, as newer ones do: use"
    " client credentials",
    "ip restricted": "allow this machine's address in the app's IP relaxation or in the user's"
    " login ranges",
    "rate exceeded": "this user logs in too often: look for other programs that use it, and wait",
    "inactive": LOGIN_HINTS["inactive_user"],
    "user is locked": "the user is locked out: unlock it in Setup > Users",
}


def hint_for(code: str, said: str) -> str:
    lower = said.lower()
    by_words = (hint for words, hint in SAID_HINTS.items() if words in lower)
    return next(by_words, None) or LOGIN_HINTS.get(code, GRANT_HINT)
