"""Fields that Salesforce works out itself from others of the same record."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from integrations.sandbox.salesforce.values import Stored

FORECAST_LABELS = {
    "Omitted": "Omitted",
    "Pipeline": "Pipeline",
    "BestCase": "Best Case",
    "MostLikely": "Most Likely",
    "Forecast": "Commit",
    "Closed": "Closed",
}
PEOPLE = frozenset({"User", "Contact", "Lead"})
COMPLETED = "Completed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A row of OpportunityStage; ``probability`` is in percent."""

    name: str
    is_closed: bool
    is_won: bool
    forecast_category: str
    probability: float

    @property
    def forecast_label(self) -> str:
        return FORECAST_LABELS.get(self.forecast_category, self.forecast_category)


def _open(name: str, probability: float) -> Stage:
    return Stage(
        name=name,
        is_closed=False,
        is_won=False,
        forecast_category="Pipeline",
        probability=probability,
    )


#: The stages of a new organisation.
STANDARD_STAGES = (
    _open("Prospecting", 10),
    _open("Qualification", 10),
    _open("Needs Analysis", 20),
    _open("Value Proposition", 50),
    _open("Id. Decision Makers", 60),
    _open("Perception Analysis", 70),
    _open("Proposal/Price Quote", 75),
    _open("Negotiation/Review", 90),
    Stage(name="Closed Won", is_closed=True, is_won=True, forecast_category="Closed",
          probability=100),
    Stage(name="Closed Lost", is_closed=True, is_won=False, forecast_category="Omitted",
          probability=0),
)  # fmt: skip


def ordered(stages: Iterable[Stage]) -> tuple[Stage, ...]:
    """Open stages by probability, then won, then lost: the order of the sales process."""
    return tuple(
        sorted(
            stages,
            key=lambda stage: (
                stage.is_closed,
                stage.is_closed and not stage.is_won,
                stage.probability,
                stage.name,
            ),
        )
    )


def derive(
    sobject: str, values: Mapping[str, Stored], stages: Mapping[str, Stage]
) -> dict[str, Stored]:
    """What follows from the given fields and is not among them; pure."""
    found: dict[str, Stored] = {}
    if sobject in PEOPLE and "LastName" in values:
        names = (values.get("FirstName"), values["LastName"])
        found["Name"] = " ".join(str(name) for name in names if name)
    if sobject == "Opportunity" and "StageName" in values:
        stage = stages.get(str(values["StageName"]).lower())
        if stage is not None:
            found |= {
                "IsClosed": int(stage.is_closed),
                "IsWon": int(stage.is_won),
                "ForecastCategory": stage.forecast_category,
                "ForecastCategoryName": stage.forecast_label,
            }
    if sobject == "Task" and "Status" in values:
        found["IsClosed"] = int(values["Status"] == COMPLETED)
    return {name: value for name, value in found.items() if name not in values}
