"""A key that Azure Key Vault holds, by the vault's own interface.

Source: Azure Key Vault REST API, version 7.4, "Get Key" and "Sign".
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from inventory.model.cloud_calls import Purpose, Tally, azure_call
from inventory.model.cloud_settings import AzureCloud

if TYPE_CHECKING:
    from azure.core import PipelineClient

    from inventory.model.cloud_settings import AzureSettings

CALLS: Final = (
    azure_call(
        "GET keys", "Microsoft.KeyVault/vaults/keys/read", purpose=Purpose.LEDGER, is_data=True
    ),
    azure_call(
        "POST keys/sign",
        "Microsoft.KeyVault/vaults/keys/sign/action",
        purpose=Purpose.LEDGER,
        is_data=True,
    ),
)
_VAULTS: Final[Mapping[AzureCloud, str]] = {
    AzureCloud.PUBLIC: "vault.azure.net",
    AzureCloud.GOVERNMENT: "vault.usgovcloudapi.net",
    AzureCloud.CHINA: "vault.azure.cn",
}
"""How names of vaults end, which is what tokens are asked for, too: Azure Key Vault developer's
guide, sovereign clouds."""
_VERSION: Final = {"api-version": "7.4"}
_COORDINATE_BYTES: Final = 32
"""Of P-256."""


@dataclass(kw_only=True)
class VaultKey:
    """A key in a vault."""

    address: str
    """The vault's, without a slash at its end."""
    name: str
    settings: AzureSettings
    _version: str = ""
    """That of the public key which was told: what signs is the same."""
    tally: Tally = field(default_factory=Tally)
    _opened: list[Any] = field(default_factory=list)
    """The client, and its credential; none before the first question."""

    def public(self) -> bytes:
        """Return the public key, as DER.

        Raises:
            ValueError: it is no P-256 key.
            azure.core.exceptions.AzureError: it was not told.

        """
        from cryptography.hazmat.primitives.asymmetric.ec import (
            SECP256R1,
            EllipticCurvePublicNumbers,
        )
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        told = self._sent("GET", f"/keys/{self.name}")["key"]
        if told.get("crv") != "P-256":
            raise ValueError(f"it is {told.get('kty')} {told.get('crv', '')}, and no P-256 key")
        self._version = str(told["kid"]).rpartition("/")[2]
        x, y = (int.from_bytes(_bytes(told[each])) for each in ("x", "y"))
        public = EllipticCurvePublicNumbers(x, y, SECP256R1()).public_key()
        return public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    def signed(self, digest: bytes) -> bytes:
        """Return the signature of a SHA-256 digest, as DER.

        Raises:
            ValueError: the answer is no signature.
            azure.core.exceptions.AzureError: it was not signed.

        """
        from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

        asked = {"alg": "ES256", "value": base64.urlsafe_b64encode(digest).decode().rstrip("=")}
        path = f"/keys/{self.name}/{self._version}/sign"
        both = _bytes(self._sent("POST", path, json=asked)["value"])
        if len(both) != 2 * _COORDINATE_BYTES:
            raise ValueError("its answer is no signature by a P-256 key")
        first, second = both[:_COORDINATE_BYTES], both[_COORDINATE_BYTES:]
        return encode_dss_signature(int.from_bytes(first), int.from_bytes(second))

    def close(self) -> None:
        """Let go of the connection."""
        while self._opened:
            self._opened.pop().close()

    def _sent(self, method: str, path: str, **given: Any) -> Mapping[str, Any]:
        from azure.core.rest import HttpRequest

        request = HttpRequest(method, f"{self.address}{path}", params=_VERSION, **given)
        answer = self._client().send_request(request)
        answer.raise_for_status()
        told: Mapping[str, Any] = answer.json()
        return told

    def _client(self) -> PipelineClient[Any, Any]:
        from inventory.clouds.azure_access import credential, vault_client

        if not self._opened:
            who = credential(self.settings)
            scope = f"https://{_VAULTS[self.settings.cloud]}/.default"
            client = vault_client(
                self.address, scope, self.settings, CALLS, who=who, tally=self.tally
            )
            self._opened += [client, who]
        opened: PipelineClient[Any, Any] = self._opened[0]
        return opened


def vault_address(vault: str, settings: AzureSettings) -> str:
    """Return where a vault is that goes by its name."""
    return f"https://{vault}.{_VAULTS[settings.cloud]}"


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
