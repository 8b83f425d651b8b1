"""The derived tables. Days are the rep's own; money is whole hundredths of its currency."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Column, Index, Integer, Table, false, text
from sqlmodel import Field, SQLModel

from bot.storage.columns import Instant

KNOWN_BY = ("logged_on", "done_at")
#: What metrics ask of every activity.
ADDED_UP = (
    "kind",
    "is_external",
    "is_conversation",
    "is_late_logged",
    "is_missed",
    "is_in_burst",
)
#: Few activities are on a deal, and most are written down once they are done.
ON_A_DEAL = text("opportunity_id IS NOT NULL")
WAS_PLANNED = "(done_on IS NULL OR done_on > logged_on)"
PLANNED_ON_A_DEAL = text(f"opportunity_id IS NOT NULL AND {WAS_PLANNED}")


class DealSpanRow(SQLModel, table=True):
    """How an opportunity stood from one day to another, both included.

    The spans of one opportunity do not overlap and leave no gap; the last one ends on 9999-12-31.
    What was known on a day is the span that holds the day.
    """

    __tablename__ = "deal_span"
    __table_args__ = (Index("deal_span_open", "is_closed", "first_day", "last_day"),)

    opportunity_id: str = Field(primary_key=True, max_length=18)
    first_day: date = Field(primary_key=True)
    last_day: date = Field(index=True)
    rep_id: str = Field(index=True, max_length=18)
    stage_name: str
    stage_progress: float
    is_closed: bool
    is_won: bool
    amount_cents: int | None = Field(default=None, sa_type=BigInteger)
    first_amount_cents: int | None = Field(default=None, sa_type=BigInteger)
    amount_before_close_cents: int | None = Field(default=None, sa_type=BigInteger)
    close_on: date | None = None
    forecast_category: str | None = None
    #: 0 to 100, as the CRM has it.
    probability: float | None = None
    created_on: date
    entered_stage_on: date
    #: Won: the close date. Lost: the day it was moved to lost. None while open.
    closed_on: date | None = Field(default=None, index=True)
    cycle_days: int | None = None
    #: Who owned it when it was created, when it became qualified and when it closed.
    created_rep_id: str | None = Field(default=None, max_length=18)
    qualified_rep_id: str | None = Field(default=None, max_length=18, index=True)
    closed_rep_id: str | None = Field(default=None, max_length=18, index=True)
    qualified_on: date | None = None
    qualified_amount_cents: int | None = Field(default=None, sa_type=BigInteger)
    #: How often the close date had moved into a later month.
    pushes: int = 0
    #: How often the close date had moved by more than seven days.
    long_pushes: int = 0
    #: As the span before told it; None in the first one.
    stage_before: str | None = None
    progress_before: float | None = None
    stage_before_since: date | None = None
    was_closed: bool | None = None
    amount_before_cents: int | None = Field(default=None, sa_type=BigInteger)
    close_before: date | None = None
    #: What is wrong with it, as Flaw has it, each between bars.
    flaws: str = ""
    #: The furthest stage so far, of the open ones and won; a loss is no progress.
    furthest_progress: float = 0
    furthest_before: float | None = None
    #: The month of its close date, where the span holds that month's first day: then it was due.
    due_month_on: date | None = Field(default=None, index=True)
    due_until: date | None = None


class ActivityRow(SQLModel, table=True):
    """A Task or Event as an activity of its owner."""

    __tablename__ = "activity"
    __table_args__ = (
        # Each holds all that is asked of it, so that no row has to be fetched from where it lies.
        Index("activity_rep_day", "rep_id", "done_on", *KNOWN_BY, *ADDED_UP),
        Index(
            "activity_meeting",
            *("rep_id", "due_on", "is_external", "is_missed", "done_on", *KNOWN_BY),
            *("who_id", "account_id"),
            sqlite_where=text("kind = 'meeting'"),
            postgresql_where=text("kind = 'meeting'"),
        ),
        Index(
            "activity_deal_done",
            *("opportunity_id", "done_on", "logged_on", "done_at", "who_id"),
            sqlite_where=ON_A_DEAL,
            postgresql_where=ON_A_DEAL,
        ),
        Index(
            "activity_deal_due",
            *("opportunity_id", "due_on", "logged_on", "done_on"),
            sqlite_where=PLANNED_ON_A_DEAL,
            postgresql_where=PLANNED_ON_A_DEAL,
        ),
        Index(
            "activity_pending",
            "done_on",
            sqlite_where=text("is_pending"),
            postgresql_where=text("is_pending"),
        ),
        Index("activity_rep_logged", "rep_id", "logged_at"),
        Index("activity_done", "done_on", "rep_id", "kind"),
    )

    id: str = Field(primary_key=True, max_length=18)
    rep_id: str = Field(max_length=18)
    #: call · email · meeting · other
    kind: str
    subject: str | None = None
    #: None while it is still to be done.
    done_on: date | None = None
    done_at: datetime | None = Field(default=None, sa_type=Instant)
    #: When a task is or was due, or a meeting takes place.
    due_on: date | None = None
    logged_on: date
    logged_at: datetime = Field(sa_type=Instant)
    seconds: int | None = None
    is_conversation: bool = False
    is_external: bool = False
    is_late_logged: bool = False
    is_missed: bool = False
    #: One of ten or more of its owner that were written down within ten minutes of one day.
    is_in_burst: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    #: Not over yet when readings were last told of it: they are to count it once it is.
    is_pending: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    who_id: str | None = Field(default=None, max_length=18, index=True)
    opportunity_id: str | None = Field(default=None, max_length=18)
    account_id: str | None = Field(default=None, max_length=18, index=True)


#: An activity, told by what metrics ask of it, came so often or, below nought, went; the daily
#: readings have yet to be told.
ACTIVITY_CHANGE = Table(
    "activity_change",
    SQLModel.metadata,
    Column("number", Integer, primary_key=True),
    *(
        Column(column.name, column.type)
        for column in ActivityRow.__table__.columns  # type: ignore[attr-defined]  # SQLModel adds it
        if column.name != "id"
    ),
    Column("many", Integer, nullable=False),
)


class NextStepRow(SQLModel, table=True):
    """A deal's next step was written anew."""

    __tablename__ = "next_step"

    opportunity_id: str = Field(primary_key=True, max_length=18)
    written_at: datetime = Field(primary_key=True, sa_type=Instant)
    rep_id: str = Field(max_length=18, index=True)
    written_on: date = Field(index=True)
    #: The day on which what it said before was written.
    before_on: date
    #: Only dates and numbers differ from what it said before.
    is_same_words: bool


class LeadFactRow(SQLModel, table=True):
    __tablename__ = "lead_fact"

    id: str = Field(primary_key=True, max_length=18)
    rep_id: str = Field(max_length=18, index=True)
    created_on: date = Field(index=True)
    converted_on: date | None = None
    is_converted: bool = False
    lead_source: str | None = None
    minutes_to_first_touch: float | None = None
    first_touch_on: date | None = None


class EmailThreadRow(SQLModel, table=True):
    """An exchange of e-mails that a rep began."""

    __tablename__ = "email_thread"

    #: The first e-mail's record id.
    id: str = Field(primary_key=True, max_length=18)
    rep_id: str = Field(index=True, max_length=18)
    sent_on: date = Field(index=True)
    #: The organisation's days on which it and the first answer were in the CRM.
    logged_on: date
    answered_on: date | None = None


class StartRow(SQLModel, table=True):
    """From when on the CRM has known a person."""

    __tablename__ = "rep_start"

    rep_id: str = Field(primary_key=True, max_length=18)
    started_on: date


class DirtyDayRow(SQLModel, table=True):
    """A rep's day whose readings of one fact table have to be filled again.

    Of a state table, whose days stand for everybody and for all later ones, only the day counts.
    """

    __tablename__ = "dirty_day"

    fact_table: str = Field(primary_key=True)
    rep_id: str = Field(primary_key=True, max_length=18)
    day: date = Field(primary_key=True)
    #: Filled, but not over yet: what is planned for the day becomes a fact without any change.
    is_filled: bool = False


#: Stands for everybody.
EVERYBODY = ""
#: Stands for everybody too: what was done on deals changed, and no deal itself.
BY_ACTIVITY = "*"
