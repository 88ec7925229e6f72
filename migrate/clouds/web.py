"""Reading JSON from a public service: patient within limits, and never trusting what comes."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from inventory.errors import PartlyUnknownError, UnreachableError

if TYPE_CHECKING:
    import requests

_OK, _TOO_MANY, _SERVER_ERROR = 200, 429, 500
_MOST_BYTES = 64 * 2**20
"""Of one answer; the longest real one, all of endoflife.date, has some 10 MB."""
_CHUNK_BYTES = 2**16
_AGENT = "decant (catalogue refresh)"


@dataclass(frozen=True, kw_only=True)
class WebPatience:
    """How long a service is waited for."""

    connect_seconds: float = 10
    silence_seconds: float = 30
    """How long it may say nothing."""
    answer_seconds: float = 180
    """How long one whole answer may take."""
    attempts: int = 5
    """How often one question is put in all, the first time included."""
    first_pause_seconds: float = 1
    """Before the second attempt; it doubles from then on."""
    longest_pause_seconds: float = 60
    """A service that asks for a longer pause than this is not waited for."""


class _AgainError(Exception):
    """This attempt failed, but another may not; ``pause_seconds`` is what the service asks for."""

    def __init__(self, why: str, pause_seconds: float | None = None) -> None:
        self.why, self.pause_seconds = why, pause_seconds
        super().__init__(why)


@dataclass(kw_only=True)
class Web:
    """One service, asked by GET. Proxies and certificates are those of the environment."""

    name: str
    """As people know it."""
    remedy: str
    """What to do when it cannot be reached."""
    patience: WebPatience = field(default_factory=WebPatience)
    pause: Callable[[float], None] = time.sleep
    _session: requests.Session | None = None

    def json(self, url: str, parameters: Mapping[str, str]) -> Any:
        """Return what an address answers, read as JSON, with fractions as text.

        Raises:
            UnreachableError: it did not answer in time, broke off, had a fault, was too busy, or
                answered what is not JSON, as often as it was asked.
            PartlyUnknownError: it refused the question.

        """
        pause_seconds = self.patience.first_pause_seconds
        for attempt in range(1, self.patience.attempts + 1):
            try:
                return json.loads(self._text(url, parameters), parse_float=str)
            except ValueError as error:
                again = _AgainError(f"its answer is not JSON: {error}")
            except _AgainError as error:
                again = error
            pause = max(pause_seconds, again.pause_seconds or 0)
            if attempt == self.patience.attempts or pause > self.patience.longest_pause_seconds:
                break
            self.pause(pause)
            pause_seconds *= 2
        raise UnreachableError(
            f"{self.name} was asked {attempt} time{'' if attempt == 1 else 's'}: {again.why}",
            hint=f"nothing was applied, and pages so far are kept for a day; {self.remedy}",
        )

    def close(self) -> None:
        """Let go of connections."""
        if self._session is not None:
            self._session.close()

    def _text(self, url: str, parameters: Mapping[str, str]) -> bytes:
        import requests
        from urllib3 import exceptions

        if self._session is None:
            self._session = requests.Session()
            # Public services get no password, not even one that ~/.netrc has for every name.
            self._session.auth = _no_password
            self._session.headers.update({"User-Agent": _AGENT, "Accept": "application/json"})
        limits = (self.patience.connect_seconds, self.patience.silence_seconds)
        try:
            with self._session.get(url, params=parameters, timeout=limits, stream=True) as answer:
                self._judge(answer)
                return self._body(answer)
        except (requests.Timeout, exceptions.TimeoutError) as error:
            raise _AgainError("it did not answer in time") from error
        except (requests.RequestException, exceptions.HTTPError) as error:
            raise _AgainError(_words(error)) from error

    def _judge(self, answer: requests.Response) -> None:
        status = answer.status_code
        if status == _TOO_MANY or status >= _SERVER_ERROR:
            why = "is throttling" if status == _TOO_MANY else "has a fault"
            raise _AgainError(
                f"it {why} (status {status})", _retry_after(answer.headers.get("Retry-After"))
            )
        if status != _OK:
            raise PartlyUnknownError(
                f"{self.name} refused the question (status {status})",
                hint=f"nothing was applied; check any proxy on the way, and that {answer.url} is "
                "the service's address",
            )

    def _body(self, answer: requests.Response) -> bytes:
        until = time.monotonic() + self.patience.answer_seconds
        body = bytearray()
        # requests' own reading waits for a whole chunk, which lets a trickle pass for an answer.
        while chunk := answer.raw.read1(_CHUNK_BYTES, decode_content=True):
            body += chunk
            if time.monotonic() > until:
                raise _AgainError(f"its answer took over {self.patience.answer_seconds:g} seconds")
            if len(body) > _MOST_BYTES:
                raise _AgainError(f"its answer is longer than {_MOST_BYTES} bytes")
        return bytes(body)


def _no_password(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _words(error: Exception) -> str:
    said = " ".join(str(error).split())
    if "CERTIFICATE_VERIFY_FAILED" in said:
        return "its certificate is not trusted (REQUESTS_CA_BUNDLE names other authorities)"
    return f"it cannot be reached, or broke off ({type(error).__name__})"


def _retry_after(said: str | None) -> float | None:
    """Return the pause that a service asks for, in seconds or as a date; None when it does not."""
    if not said:
        return None
    if said.strip().isdigit():
        return float(said)
    try:
        return max(0.0, parsedate_to_datetime(said).timestamp() - time.time())
    except ValueError:
        return None
