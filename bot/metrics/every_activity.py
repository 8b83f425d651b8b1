"""What is counted whatever the playbooks say: how much each rep logged on each day."""

from bot.domain.ids import MetricKey
from bot.domain.metric import Aggregate, Metric, Timing, Unit, Valence
from bot.metrics.definition import Definition
from bot.metrics.fact_tables import FACT_TABLES
from bot.metrics.metric_file import ExamplePart

_ACTIVITY = FACT_TABLES["activity"]

EVERY_ACTIVITY = Definition(
    # No file in playbooks/metrics can have this name.
    metric=Metric(
        key=MetricKey("every activity"),
        title="Every activity",
        because="Whether anything was logged on a day, for the rules about silence.",
        unit=Unit.COUNT,
        aggregate=Aggregate.COUNT,
        valence=Valence.HIGHER,
        timing=Timing.LEADING,
        min_facts=0,
        guards_against="nothing; it is never shown",
        guard=None,
        date_rule=f"done_on: {_ACTIVITY.columns['done_on'].means}",
        owner_rule=f"rep_id: {_ACTIVITY.columns['rep_id'].means}",
        value_rule="count of activity",
        is_state=False,
        fact_table=_ACTIVITY.name,
    ),
    table=_ACTIVITY,
    day="done_on",
    where=None,
    numerator=None,
    denominator=None,
    example=ExamplePart(facts=[], expect={}),
    file_version="1",
)
