"""The pages fetched so far, kept so that a refresh that was cut off goes on where it was."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from migrate.catalogue.refreshing.files import write_whole

KEPT_FOR = timedelta(hours=24)
"""Older pages are asked for again: pages of different days do not make one price list."""


@dataclass(frozen=True, kw_only=True)
class Kept:
    """One page as it is kept."""

    content: Any
    next: str | None
    at: datetime
    """When it was asked for; aware."""


@dataclass(frozen=True, kw_only=True)
class Journal:
    """A folder of pages, by question and number. A page is there whole or not at all."""

    folder: Path

    def find(self, question: str, number: int, now: datetime) -> Kept | None:
        """Return a page, or None when it is not there, not readable, or too old."""
        try:
            found = json.loads(self._place(question, number).read_text(encoding="utf-8"))
            kept = Kept(
                content=found["content"],
                next=found["next"],
                at=datetime.fromisoformat(found["at"]),
            )
            fresh = timedelta() <= now - kept.at <= KEPT_FOR
        except (OSError, KeyError, TypeError, ValueError):
            return None
        return kept if fresh else None

    def keep(self, question: str, number: int, page: Kept) -> None:
        """Keep a page."""
        entry = {"question": question, "at": page.at.isoformat(), "next": page.next}
        place = self._place(question, number)
        place.parent.mkdir(parents=True, exist_ok=True)
        write_whole(place, json.dumps({**entry, "content": page.content}, ensure_ascii=False))

    def clear(self) -> None:
        """Forget every page."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _place(self, question: str, number: int) -> Path:
        name = hashlib.sha256(question.encode()).hexdigest()[:16]
        return self.folder / name / f"{number:05}.json"
