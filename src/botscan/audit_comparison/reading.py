"""An audit from memory, from its plain data or from the JSON file that was written of it: one way in for all three."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botscan.audit import AUDIT_SCHEMA_VERSION, SEGMENT_ORDER, Audit
from botscan.audit_comparison.summary import AuditSummary, Warned
from botscan.errors import BotscanError, FormatError, SchemaError
from botscan.prevalence.share import OrganicShare

#: An audit as it can be given.
AuditLike = Audit | Mapping[str, Any] | str | os.PathLike[str]

#: The JSON object of an audit takes a few kilobytes.
MAX_BYTES = 16_000_000

_WRITE_ONE = "Write one with `botscan audit FILE --json`."
_MAKE_ANEW = "Run the audit again with this version of botscan."
#: Verdicts that a list without any evidence leaves open.
_BY_SCORE = ("active", "dormant", "mass_follower", "suspicious")


def read_audit(audit: AuditLike, name: str) -> AuditSummary:
    """Return what a comparison needs of an audit.

    Parameters
    ----------
    audit
        An `Audit`, what its `to_dict` gives, or the path of a file with that as JSON. Keys beyond those needed are
        passed over.
    name
        What the caller calls it, for messages: ``before`` or ``after``.

    Raises
    ------
    FormatError
        The file cannot be read, or holds no JSON.
    SchemaError
        It is no audit, is of another version, or its figures contradict each other.
    """
    if isinstance(audit, Audit):
        return _summary(_Place(name, "", audit.to_dict()))
    if isinstance(audit, Mapping):
        return _summary(_Place(name, "", dict(audit)))
    if isinstance(audit, str | os.PathLike):
        source = os.fspath(audit)
        return _summary(_Place(source, "", _parse(source)))
    raise SchemaError(
        f"{name} is of type {type(audit).__name__}; wanted an audit.",
        source="compare_audits",
        remedy="Give what bs.audit returns, its to_dict(), or the path of a file written with botscan audit --json.",
    )


def _parse(source: str) -> Any:
    """Read a JSON file, in UTF-8 or whatever a shell made of it."""
    try:
        with open(source, "rb") as file:  # noqa: PTH123  a pipe is welcome too
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise FormatError(f"Cannot be read: {reason}.", source=source, remedy=_WRITE_ONE) from error
    if len(data) > MAX_BYTES:
        raise FormatError(
            f"Has more than {MAX_BYTES} bytes; wanted the JSON object of one audit.", source=source, remedy=_WRITE_ONE
        )
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        found = "The file is empty." if not data.strip() else "The file is not JSON; wanted the object of an audit."
        raise FormatError(found, source=source, remedy=_WRITE_ONE) from error


@dataclass(frozen=True)
class _Place:
    """A place in the object, for messages and for typed access."""

    source: str
    path: str
    value: Any

    def fail(self, wanted: str) -> SchemaError:
        return SchemaError(
            f"At {self.path}: wanted {wanted}." if self.path else f"Wanted {wanted}.",
            source=self.source,
            remedy=_WRITE_ONE,
        )

    def at(self, key: str) -> _Place:
        path = f"{self.path}.{key}" if self.path else key
        if not isinstance(self.value, Mapping):
            raise self.fail("the JSON object of an audit" if not self.path else f"an object with {key}")
        if key not in self.value:
            raise SchemaError(f"The key {path} is missing; this is no audit.", source=self.source, remedy=_WRITE_ONE)
        return _Place(self.source, path, self.value[key])

    def text(self) -> str:
        if not isinstance(self.value, str):
            raise self.fail("text")
        return self.value

    def truth(self) -> bool:
        if not isinstance(self.value, bool):
            raise self.fail("true or false")
        return self.value

    def count(self) -> int:
        if not isinstance(self.value, int) or isinstance(self.value, bool) or not 0 <= self.value < 2**63:
            raise self.fail("a whole number of at least 0")
        return self.value

    def number(self) -> float:
        if not isinstance(self.value, int | float) or isinstance(self.value, bool) or not 0 <= self.value <= 1:
            raise self.fail("a number between 0 and 1")
        return float(self.value)

    def instant(self) -> datetime:
        try:
            found = datetime.fromisoformat(self.text())
        except ValueError as error:
            raise self.fail("an instant in the manner of 2026-06-30T00:00:00Z") from error
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)

    def items(self) -> list[_Place]:
        if not isinstance(self.value, list | tuple):
            raise self.fail("a list")
        return [_Place(self.source, f"{self.path}[{i}]", item) for i, item in enumerate(self.value)]

    @property
    def is_null(self) -> bool:
        return self.value is None


def _summary(audit: _Place) -> AuditSummary:
    _check_version(audit)
    model, reading = audit.at("model"), audit.at("reading")
    share = _share(audit.at("organic_share"))
    warnings = tuple(_warned(place) for place in audit.at("warnings").items())
    rows = tuple(reading.at(key).count() for key in ("rows_in", "accounts", "duplicates_merged", "rows_rejected"))
    if rows[1] != share.n_accounts:
        raise SchemaError(
            f"The list holds {rows[1]} accounts, but the organic share is of {share.n_accounts}.",
            source=audit.source,
            remedy=_MAKE_ANEW,
        )
    is_judged = not any(warned.code == "segments_not_judged" for warned in warnings)
    segments = audit.at("segments")
    return AuditSummary(
        source=audit.at("source").text(),
        platform=None if audit.at("platform").is_null else audit.at("platform").text(),
        observed_at=None if audit.at("observed_at").is_null else audit.at("observed_at").instant(),
        botscan_version=audit.at("botscan_version").text(),
        model_name=model.at("name").text(),
        model_sha256=model.at("sha256").text(),
        pattern=model.at("pattern").text(),
        rows=(rows[0], rows[1], rows[2], rows[3]),
        share=share,
        segments={
            name: segments.at(name).count() if is_judged or name not in _BY_SCORE else None for name in SEGMENT_ORDER
        },
        list_digest=audit.at("list_digest").text() if audit.value.get("list_digest") else "",
        warnings=warnings,
    )


def _check_version(audit: _Place) -> None:
    version = audit.at("schema_version").count()
    if version != AUDIT_SCHEMA_VERSION:
        raise SchemaError(
            f"Is written in version {version} of the audit object; this botscan reads version {AUDIT_SCHEMA_VERSION}.",
            source=audit.source,
            column="schema_version",
            remedy="Update botscan." if version > AUDIT_SCHEMA_VERSION else _MAKE_ANEW,
        )


def _share(place: _Place) -> OrganicShare:
    """Make the share anew, so that it holds what every share holds."""
    share, lower, upper, bound = (
        None if place.at(key).is_null else place.at(key).number()
        for key in (
            "organic_share",
            "organic_share_ci_lower",
            "organic_share_ci_upper",
            "suspicious_share_lower_bound",
        )
    )
    try:
        return OrganicShare(
            share,
            lower,
            upper,
            confidence_level=place.at("confidence_level").number(),
            method=place.at("method").text(),
            validated=place.at("validated").truth(),
            estimand=place.at("estimand").text(),
            share_of=place.at("share_of").text(),
            frame=place.at("frame").text(),
            # Audits that are older than the key know no more than their list.
            population=None if place.value.get("population") is None else place.at("population").count(),
            n_accounts=place.at("n_accounts").count(),
            n_scored=place.at("n_scored").count(),
            n_labeled=place.at("n_labeled").count(),
            suspicious_share_lower_bound=bound,
        )
    except SchemaError:
        raise
    except (ValueError, BotscanError) as error:
        raise SchemaError(
            f"The organic share does not fit together: {str(error).rstrip('.')}.",
            source=place.source,
            remedy=_MAKE_ANEW,
        ) from error


def _warned(place: _Place) -> Warned:
    column, count = place.at("column"), place.at("count")
    numbers = place.value.get("numbers", {})
    return Warned(
        place.at("code").text(),
        None if column.is_null else column.text(),
        None if count.is_null else count.count(),
        place.at("text").text(),
        numbers if isinstance(numbers, Mapping) else {},
    )
