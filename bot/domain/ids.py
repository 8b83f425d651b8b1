"""One type per kind of name, so that a rep is never passed where a metric was meant."""

from typing import NewType

#: A Salesforce User id (18 characters) of a person who sells.
RepId = NewType("RepId", str)
#: A team is named by the Salesforce User id of the manager who leads it.
TeamId = NewType("TeamId", str)
RoleKey = NewType("RoleKey", str)
MetricKey = NewType("MetricKey", str)
RuleKey = NewType("RuleKey", str)
#: Any Salesforce record id.
RecordId = NewType("RecordId", str)
SlackUserId = NewType("SlackUserId", str)
SlackChannelId = NewType("SlackChannelId", str)
#: A decision of the judge; a nudge bears the id of the decision that sent it.
DecisionId = NewType("DecisionId", int)
DeliveryId = NewType("DeliveryId", int)
