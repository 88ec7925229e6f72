"""Signing by ssh-agent: the private key never leaves it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from inventory.errors import BadInputError
from migrate.ledger.keys import public_key

if TYPE_CHECKING:
    from securesystemslib.signer import Signer


def agent_signer(identifier: str, line: str, environment: Mapping[str, str]) -> Signer | None:
    """Return a signer by the agent's key of that fingerprint; None when no agent holds it."""
    if not environment.get("SSH_AUTH_SOCK"):
        return None
    with _held(identifier) as held:
        return _signer(identifier, line) if held is not None else None


@contextmanager
def _held(identifier: str) -> Iterator[Any]:
    """Ask the agent for a key; None when it does not hold it, or does not answer."""
    from paramiko import Agent, SSHException

    try:
        agent = Agent()
    except (SSHException, OSError):
        yield None
        return
    try:
        keys = agent.get_keys()
        yield next((each for each in keys if each.fingerprint == identifier), None)
    finally:
        agent.close()


def _signer(identifier: str, line: str) -> Signer:
    from securesystemslib.signer import Key, SecretsHandler, Signature, Signer

    class AgentSigner(Signer):
        """A key that an agent holds."""

        @property
        def public_key(self) -> Key:
            """Return its public key."""
            return public_key(line)

        @classmethod
        def from_priv_key_uri(
            cls, priv_key_uri: str, public_key: Key, secrets_handler: SecretsHandler | None = None
        ) -> Signer:
            """Refuse: an agent's key is found by its fingerprint."""
            raise NotImplementedError(priv_key_uri)

        def sign(self, payload: bytes) -> Signature:
            """Let the agent sign."""
            with _held(identifier) as held:
                if held is None:
                    raise BadInputError(
                        f"the agent does not hold {identifier} any more", hint="ssh-add loads it"
                    )
                return Signature(self.public_key.keyid, _raw(held, payload).hex())

    return AgentSigner()


def _raw(held: Any, payload: bytes) -> bytes:
    """Return the bare signature out of the agent's answer: algorithm, then signature (RFC 8709)."""
    from paramiko import Message, SSHException

    try:
        answer = Message(held.sign_ssh_data(payload))
    except (SSHException, OSError) as error:
        raise BadInputError(f"the agent did not sign: {error}", hint="ssh-add -l") from error
    algorithm = answer.get_text()
    if algorithm != "ssh-ed25519":
        raise BadInputError(
            f"the agent signs with {algorithm}", hint="use an ed25519 key for signing"
        )
    return bytes(answer.get_string())
