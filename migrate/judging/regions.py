"""Regions of the clouds that lie in the United Kingdom, and what should stay there.

AWS has one (Europe, London), Azure two (UK South, UK West): the shipped catalogue has their names.
"""

from __future__ import annotations

from typing import Final

from inventory.model.fact import Facts, Known
from inventory.model.mark import Mark
from migrate.judging.marks import MARKS
from migrate.judging.reading import Judge
from migrate.model.rule import CannotTell, Flagged, Judgement, Passed, Surroundings
from migrate.model.verdict import Cloud

UK_REGIONS: Final = {
    Cloud.AWS: frozenset({"eu-west-2"}),
    Cloud.AZURE: frozenset({"uksouth", "ukwest"}),
}
_STAY: Final = frozenset(Mark) - {Mark.RETENTION}
"""Marks of data that should not leave the country without a decision."""


def stays_in_the_uk(cloud: Cloud) -> Judge:
    """Flag data that is marked to need care and would go to a region outside the UK.

    Where the region lies in the UK nothing needs to be known of the data.
    """

    def judge(facts: Facts, around: Surroundings) -> Judgement:
        region = around.regions.get(cloud)
        if region in UK_REGIONS[cloud]:
            return Passed()
        marks = facts.of(MARKS)
        if not isinstance(marks, Known):
            return CannotTell(missing=(MARKS,))
        found = [each.value for each in marks.value if each in _STAY]
        if not found:
            return Passed()
        if region is None:
            return CannotTell(missing=(MARKS,), because="the region it would go to is not known")
        return Flagged(observed=f"marked {', '.join(found)}, and would go to {region}")

    return judge
