"""Settings of the target in Amazon's migration tools, by the names they are kept under.

They are those that MGN's columns have behind ``mgn:``, so that what one tool planned can be written
for the other.
"""

from __future__ import annotations

from typing import Final

ACCOUNT: Final = "account-id"
REGION: Final = "region"
INSTANCE_TYPE: Final = "launch:instance-type"
