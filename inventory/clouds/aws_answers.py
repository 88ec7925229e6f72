"""Telling AWS's answers from pages of something else, before botocore reads them.

botocore reads a body that is no JSON as an empty answer, and of XML it takes the elements that it
knows, whatever they stand in. A proxy's page, or another operation's answer, would so be an empty
listing. Imports botocore only when an answer is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final, cast

_JSON: Final = frozenset({"json", "rest-json"})
_REFUSED: Final = 300
_FIRST_TAG: Final = re.compile(rb"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)")
_OF_S3: Final = {
    "GetBucketAcl": "AccessControlPolicy",
    "GetBucketEncryption": "ServerSideEncryptionConfiguration",
    "GetBucketPolicyStatus": "PolicyStatus",
    "GetBucketVersioning": "VersioningConfiguration",
    "GetPublicAccessBlock": "PublicAccessBlockConfiguration",
    "ListBuckets": "ListAllMyBucketsResult",
    "ListObjectVersions": "ListVersionsResult",
    "ListObjectsV2": "ListBucketResult",
}
"""What S3 calls its answers: response syntax of each operation in its API reference."""


def refuse_what_is_no_answer(
    operation_model: Any, response_dict: Mapping[str, Any], **_: object
) -> None:
    """Fail on a body that is not what the operation answers: it is no empty answer.

    It is to be called ``before-parse`` by botocore. What AWS refuses is left to botocore.

    Raises:
        botocore.parsers.ResponseParserError: it is no JSON object where one is due, or XML by
            another name than the operation's.

    """
    streams = operation_model.has_streaming_output or operation_model.has_event_stream_output
    if streams or response_dict["status_code"] >= _REFUSED:
        return
    protocol, body = operation_model.service_model.resolved_protocol, response_dict["body"]
    if protocol in _JSON:
        if (body or _tells(operation_model)) and not _is_object(body):
            raise unreadable(f"the answer to {operation_model.name} is no JSON object")
        return
    due, said = _roots(operation_model), _found(body)
    if due and said not in due:
        raise unreadable(
            f"the answer to {operation_model.name} is {said or 'nothing'} and not {due[0]}"
        )


def unreadable(what: str) -> Exception:
    """Return the error by which botocore says that it cannot read an answer."""
    from botocore.parsers import ResponseParserError  # type: ignore[import-untyped]

    return cast("Exception", ResponseParserError(what))


def _tells(operation_model: Any) -> bool:
    shape = operation_model.output_shape
    return bool(shape and shape.members)


def _is_object(body: bytes) -> bool:
    try:
        return isinstance(json.loads(body), dict)
    except ValueError:
        return False


def _roots(operation_model: Any) -> tuple[str, ...]:
    """Return the names that the XML element around an answer may have; none where any may.

    S3's have names of their own, which other stores that speak its protocol do not always keep to.
    """
    name = operation_model.name
    usual = f"{name}Response"
    if operation_model.service_model.service_name != "s3":
        return (usual,)
    return (_OF_S3[name], usual) if name in _OF_S3 else ()


def _found(body: bytes) -> str:
    found = _FIRST_TAG.search(body)
    return found[1].decode() if found else ""
