"""Which values of the CRM's picklists a team's settings name."""

from collections.abc import Collection, Mapping

from bot.domain.organisation import Organisation


def relied_on(organisation: Organisation) -> Mapping[str, Mapping[str, Collection[str]]]:
    """Mirror table → column → values."""
    stage = organisation.qualified_stage
    return {
        "crm_task": {"type": organisation.call_types},
        "opportunity": {
            "stage_name": {stage} if stage else (),
            "type": organisation.choices.types_left_out,
        },
    }
