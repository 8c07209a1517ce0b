"""Links by which an owner shows a report: a secret of 256 bits, good for 30 days, taken back at any time. Only its
fingerprint is kept, so a link is told once.
"""

import hashlib
import re
import secrets
from datetime import datetime, timedelta

from sqlalchemy import Connection

from flows.frozen import without_figures
from models.base import JsonObject
from models.report import Report
from models.share import Share, add_share, live_shares, shared_report

GOOD_FOR = timedelta(days=30)
MOST = 20
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def share(connection: Connection, report: Report, *, with_figures: bool, at: datetime) -> str | None:
    """A new link's secret; None where the assessment has so many links already that some should go first."""
    if len(live_shares(connection, report.assessment_id, at)) >= MOST:
        return None
    token = secrets.token_urlsafe(32)
    link = Share(0, report.id, _fingerprint(token), with_figures, at, at + GOOD_FOR)
    add_share(connection, link)
    return token


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
