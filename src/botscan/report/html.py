"""write_report: an audit as one HTML file that needs nothing else.

No script, no request to anywhere, everything escaped by one environment; the same audit gives the same bytes.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING

from markupsafe import Markup

from botscan.audit import Audit
from botscan.errors import BotscanError
from botscan.report import contents
from botscan.report.follow_order import order_section
from botscan.wording import check_language, say, visible
from botscan.writing import write_file

if TYPE_CHECKING:
    from jinja2 import Environment


def write_report(
    audit: Audit,
    path: str | os.PathLike[str],
    language: str = "en",
    *,
    show_handles: bool = False,
    inputs: Iterable[str | os.PathLike[str]] = (),
) -> None:
    """Write an audit as one self-contained HTML file, whole or not at all.

    Parameters
    ----------
    audit
        What is known about one audience.
    path
        Where to write; an existing file is replaced.
    language
        ``en`` or ``id``.
    show_handles
        Whether to add the list of accounts to be checked by a person, with their names; it needs an audit made with
        ``n_review_rows``.
    inputs
        Files that are being read, such as the list itself; writing over one of them is refused.

    Raises
    ------
    OutputError
        The file cannot be written.
    BotscanError
        The language is unknown, there is no audit, or it keeps no accounts to be shown.
    """
    write_file(path, render_report(audit, language, show_handles=show_handles), inputs=inputs)


def render_report(audit: Audit, language: str = "en", *, show_handles: bool = False) -> str:
    """Return an audit as one self-contained HTML page; the parameters are those of `write_report`."""
    check_language(language)
    if not isinstance(audit, Audit):
        raise BotscanError(
            f"Found something of type {type(audit).__name__}, wanted an audit.",
            remedy="Give what botscan.audit(...) returns.",
        )
    if show_handles and audit.n_review and not audit.review_rows:
        raise BotscanError(
            f"{audit.n_review} accounts are worth a look, but this audit kept none of them.",
            remedy="Make it again with n_review_rows=50, or leave show_handles out.",
        )
    shown = audit if show_handles else replace(audit, review_rows=())
    page = (
        _environment()
        .get_template("report.html")
        .render(
            audit=shown,
            language=language,
            contents=contents,
            order=order_section(shown, language),
            words=partial(say, language=language),
        )
    )
    return page.rstrip("\n") + "\n"


def _shown(value: object) -> object:
    """Pass every value of the page through one place: hidden characters become visible, then comes the escaping.

    What a macro returns went through here already. No line break stands between a number and its percent sign.
    """
    if isinstance(value, str) and not isinstance(value, Markup):
        return visible(value).replace(" %", "\u00a0%")
    return value


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("botscan.report"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters["visible"] = visible
    return environment
