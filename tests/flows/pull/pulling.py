"""A pull to be run in a process of its own, and killed."""

from datetime import datetime

from bot.flows.pull import pull
from bot.storage.database import open_database
from integrations.salesforce.credentials import SalesforceCredentials
from integrations.salesforce.crm import open_salesforce
from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.salesforce.sessions import Credentials


def run(database: str, salesforce: str, now: datetime) -> None:
    clock = SandboxClock(starts_at=now, frozen=True)
    known = Credentials()
    credentials = SalesforceCredentials.from_environment(
        {
            "SALESFORCE_LOGIN_URL": salesforce,
            "SALESFORCE_CLIENT_ID": known.client_id,
            "SALESFORCE_CLIENT_SECRET": known.client_secret,
        }
    )
    pull(open_database(database), open_salesforce(credentials, clock=clock), clock=clock)
