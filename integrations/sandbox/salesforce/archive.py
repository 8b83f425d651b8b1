"""Salesforce hides old activities from query() without deleting them."""

from datetime import date, timedelta

from integrations.sandbox.salesforce.database import Database

ARCHIVED_AFTER = timedelta(days=365)


def archive_old_activities(database: Database, *, today: date) -> None:
    """Events of a year ago and closed tasks due, or else created, a year ago; stamps stay."""
    limit = (today - ARCHIVED_AFTER).isoformat()
    database.change(
        "UPDATE Task SET IsArchived = 1 WHERE NOT IsArchived AND IsClosed "
        "AND COALESCE(ActivityDate, SUBSTR(CreatedDate, 1, 10)) <= ?",
        (limit,),
    )
    database.change(
        "UPDATE Event SET IsArchived = 1 WHERE NOT IsArchived AND COALESCE(EndDate, ActivityDate, "
        "SUBSTR(EndDateTime, 1, 10), SUBSTR(StartDateTime, 1, 10), "
        "SUBSTR(ActivityDateTime, 1, 10)) <= ?",
        (limit,),
    )
