"""Links by which an owner shows a report: a secret of 256 bits, good for 30 days, taken back at any time. Only its
fingerprint is kept, so a link is told once.
"""

import hashlib
import re
from datetime import datetime, timedelta

from sqlalchemy import Connection

from flows.frozen import without_figures
from models.base import JsonObject
from models.report import Report
from models.share import Share, add_share, is_known, live_shares, shared_report

GOOD_FOR = timedelta(days=30)
MOST = 20
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def share(connection: Connection, report: Report, token: str, *, with_figures: bool, at: datetime) -> bool:
    """Make a link of this secret, drawn by lot; the same once more (a form sent again) makes none besides.

    False where the assessment has so many links already that some should go first, or where this one was taken back.
    """
    sha256 = _fingerprint(token)
    if is_known(connection, sha256):
        return shared_report(connection, sha256, at) is not None
    if len(live_shares(connection, report.assessment_id, at)) >= MOST:
        return False
    add_share(connection, Share(0, report.id, sha256, with_figures, at, at + GOOD_FOR))
    return True


def shown_by(connection: Connection, token: str, at: datetime) -> tuple[Share, Report, JsonObject] | None:
    """What a link shows (with or without figures, as its owner chose); None for one that is good no more, or never was."""
    found = shared_report(connection, _fingerprint(token), at) if _TOKEN.fullmatch(token) else None
    if found is None:
        return None
    link, report = found
    paper = report.payload if link.with_figures else without_figures(report.payload)
    return link, report, paper


def _fingerprint(token: str) -> str:
    return hashlib.sha256(f"share:{token}".encode()).hexdigest()
