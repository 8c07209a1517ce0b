"""The advisors' console, put together: a part registers its routes on the frame, and PARTS lists them all."""

from collections.abc import Callable

from fastapi import FastAPI

from flows.editions import Editions
from models.session import Database
from settings import Settings
from web.console import (
    account,
    acts,
    assessments,
    audit,
    bulletin_acts,
    bulletin_recipients,
    bulletin_writing,
    bulletins,
    case_pdf,
    edition_bringing,
    edition_comparing,
    edition_editing,
    edition_finding,
    edition_publishing,
    edition_running,
    editions,
    exports,
    home,
    login,
    overview,
    set_up,
    staff,
    watch,
)
from web.console.frame import Frame, Site
from web.console.refusals import add_refusals
from web.pages import Pages

ISSUER = "创新阶梯"
"""What authenticators call us where LADDER_OPERATOR_NAME is not set."""
PARTS: tuple[Callable[[Frame], None], ...] = (
    home.home,
    *(
        login.login,
        set_up.set_up,
        set_up.second_half,
        account.account,
        account.sessions,
        account.password,
        account.second_factor,
    ),
    *(staff.staff, staff.one_of_staff, audit.audit),
    *(assessments.worklist, assessments.case, acts.acts, acts.corrections, case_pdf.case_pdf),
    *(
        bulletins.bulletins,
        bulletin_writing.new_bulletin,
        bulletins.bulletin,
        bulletin_writing.draft_bulletin,
    ),
    *(bulletin_acts.bulletin_acts, bulletin_acts.releasing, bulletin_recipients.recipients),
    # An address that is spelled out comes before those that are filled in.
    *(edition_comparing.comparing, edition_bringing.bringing, editions.editions),
    *(edition_editing.editing, edition_publishing.publishing),
    *(edition_running.running, edition_finding.run_lists),
    *(overview.figures, exports.exports, exports.exported, watch.watch),
)


def add_console(
    app: FastAPI, database: Database, editions: Editions, pages: Pages, settings: Settings
) -> Frame:
    """Set the console up beside the application: its pages are the routes of the frame that comes back."""
    keys = tuple(key.get_secret_value() for key in settings.secret_keys)
    site = Site(keys, settings.public_url, settings.operator_name or ISSUER)
    frame = Frame(database, editions, pages, site)
    for part in PARTS:
        part(frame)
    add_refusals(app, frame)
    app.state.console = frame
    return frame
