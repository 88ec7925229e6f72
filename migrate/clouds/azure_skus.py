"""What Azure says of its VM sizes: the list of Microsoft.Compute's SKUs, region by region."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from inventory.errors import (
    AccessRefusedError,
    BadInputError,
    PartlyUnknownError,
    UnreachableError,
)
from inventory.model.cloud_calls import azure_call
from inventory.model.cloud_settings import AzureSettings
from inventory.model.fact import Reason, Unknown
from migrate.catalogue.refreshing.asking import Page, Question

CALLS = (azure_call("GET Microsoft.Compute/skus"),)


@dataclass(kw_only=True)
class Skus:
    """Azure Resource Manager, asked as the estate's subscription."""

    settings: AzureSettings
    _held: list[Any] = field(default_factory=list)

    def page(self, question: Question, token: str | None) -> Page:
        """Return one page; see :class:`migrate.catalogue.refreshing.asking.Service`."""
        from inventory.clouds import azure_failures

        try:
            return self._page(question.region, token)
        except azure_failures.FAILURES as error:
            raise _failed(question, azure_failures.unknown_of(error)) from error
        except (OSError, ValueError) as error:
            raise BadInputError(
                f"{question} cannot be asked: {error}",
                hint="see [azure] in decant.toml, and the AZURE_ variables",
            ) from error

    def close(self) -> None:
        """Let go of connections."""
        while self._held:
            self._held.pop().close()

    def _page(self, region: str, token: str | None) -> Page:
        pages = self._client().resource_skus.list(filter=f"location eq '{region}'").by_page(token)
        found = [dict(sku.as_dict()) for sku in next(pages)]
        return Page(content={"value": found}, next=pages.continuation_token or None)

    def _client(self) -> Any:
        from azure.mgmt.compute import ComputeManagementClient

        from inventory.clouds.azure_reach import AzureReach

        if not self.settings.subscription:
            raise BadInputError(
                "the Azure SKU list is asked as a subscription, and the estate names none",
                hint="set subscription under [azure] in decant.toml, or leave sizes out: "
                "--only azure-size-prices --only azure-disks --only lifecycle",
            )
        if not self._held:
            self._held.append(AzureReach(settings=self.settings))
        return self._held[0].client(ComputeManagementClient, self.settings.subscription, CALLS)


def _failed(question: Question, meaning: object) -> PartlyUnknownError | BadInputError:
    reason = meaning.reason if isinstance(meaning, Unknown) else Reason.NOT_TOLD
    said = meaning.detail if isinstance(meaning, Unknown) else str(meaning)
    words = f"{question}: {said}"
    kept = "nothing was applied, and pages so far are kept for a day; "
    if reason is Reason.NEEDS_PRIVILEGE:
        return AccessRefusedError(
            words, hint=f"{kept}give the credential the role Reader on the subscription"
        )
    return UnreachableError(words, hint=f"{kept}run decant catalogue refresh again to go on")
