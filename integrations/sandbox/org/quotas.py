"""What each account executive is asked to win in a quarter."""

import math
from datetime import date
from decimal import Decimal

from integrations.sandbox.org.effort import quarter_end
from integrations.sandbox.org.people import Person
from integrations.sandbox.org.roles import PACES

#: Up to how many days between the hire and the end of the quarter which share is carried.
RAMPED_QUOTA = ((90, Decimal("0.25")), (180, Decimal("0.5")), (math.inf, Decimal(1)))


def quota_of(person: Person, start: date) -> Decimal:
    """The role's quota; a new hire carries a share of it in the first quarters."""
    pace = PACES[person.role_on(start)]
    days = (quarter_end(start) - person.hired).days
    share = next(share for limit, share in RAMPED_QUOTA if days < limit)
    return (pace.quarterly_quota * share).quantize(Decimal("0.01"))
