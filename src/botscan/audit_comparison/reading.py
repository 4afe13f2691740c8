"""An audit from memory, from its plain data or from the JSON file that was written of it: one way in for all three."""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from botscan.audit import AUDIT_SCHEMA_VERSION, Audit
from botscan.audit_comparison.summary import AuditSummary, Warned
from botscan.blocks import BlockEvidence, FollowBlock
from botscan.errors import BotscanError, FormatError, SchemaError
from botscan.evidence.scores import SEGMENT_ORDER, SEGMENTS_BY_SCORE
from botscan.prevalence.share import OrganicShare
from botscan.readers.containers.files import printable
from botscan.wording import has_words

#: An audit as it can be given.
AuditLike = Audit | Mapping[str, Any] | str | os.PathLike[str]

#: The JSON object of an audit takes a few kilobytes.
MAX_BYTES = 16_000_000

_WRITE_ONE = "Write one with `botscan audit FILE --json`."
_MAKE_ANEW = "Run the audit again with this version of botscan."


def read_audit(audit: AuditLike, name: str) -> AuditSummary:
    """Return what a comparison needs of an audit.

    Parameters
    ----------
    audit
        An `Audit`, what its `to_dict` gives, or the path of a file with that as JSON, ``-`` for standard input. Keys
        beyond those needed are passed over.
    name
        What the caller calls it, for messages: ``before`` or ``after``.

    Raises
    ------
    FormatError
        The file cannot be read, or holds no JSON.
    SchemaError
        It is no audit, is of another version, or its figures contradict each other.
    """
    source = source_of(audit, name)
    if isinstance(audit, Audit):
        return _summary(_Place(source, "", audit.to_dict()))
    if isinstance(audit, Mapping):
        return _summary(_Place(source, "", dict(audit)))
    if isinstance(audit, str | os.PathLike):
        return _summary(_Place(source, "", _parse(os.fsdecode(audit), source)))
    raise SchemaError(
        f"{name} is of type {type(audit).__name__}; wanted an audit.",
        source="compare_audits",
        remedy="Give what bs.audit returns, its to_dict(), or the path of a file written with botscan audit --json.",
    )


def source_of(audit: AuditLike, name: str) -> str:
    """Return what messages call an audit: its path, or what the caller calls it.

    Parameters
    ----------
    audit, name
        As in `read_audit`.

    Examples
    --------
    >>> source_of("may.json", "before"), source_of("-", "before"), source_of({}, "before")
    ('may.json', 'standard input', 'before')
    """
    if not isinstance(audit, str | os.PathLike):
        return name
    path = os.fsdecode(audit)
    if not path or _is_json_text(path):
        return name
    return "standard input" if path == "-" else printable(path)


def _is_json_text(path: str) -> bool:
    """Tell whether somebody gave the content of a file in place of its name."""
    # Path.exists raises where a text is too long for a name.
    return path.lstrip("\ufeff \t\r\n").startswith("{") and not os.path.exists(path)  # noqa: PTH110


def _parse(path: str, source: str) -> Any:
    """Read a JSON file, in UTF-8 or whatever a shell made of it."""
    if not path:
        raise FormatError("The path is empty.", source=source, remedy="Give the path of a file.")
    if _is_json_text(path):
        raise FormatError(
            "Found JSON text where a path is wanted.", source=source, remedy="Give a dict (json.loads), or a path."
        )
    try:
        data = _first_bytes(path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise FormatError(f"Cannot be read: {reason}.", source=source, remedy=_WRITE_ONE) from error
    if len(data) > MAX_BYTES:
        raise FormatError(
            f"Found more than {MAX_BYTES} bytes; wanted the JSON object of one audit.", source=source, remedy=_WRITE_ONE
        )
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        found = "The file is empty." if not data.strip() else "The file is not JSON; wanted the object of an audit."
        raise FormatError(found, source=source, remedy=_WRITE_ONE) from error


def _first_bytes(path: str) -> bytes:
    """Return what is there, and no more than shows that it is too much."""
    if path == "-":
        if sys.stdin is None:
            raise FormatError("There is none to read.", source="standard input", remedy="Give the path of a file.")
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    with Path(path).open("rb") as file:  # a pipe is welcome too
        return file.read(MAX_BYTES + 1)


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

    def amount(self) -> float:
        if not isinstance(self.value, int | float) or isinstance(self.value, bool) or not 0 <= self.value < math.inf:
            raise self.fail("a number of at least 0")
        return float(self.value)

    def instant_or_none(self) -> datetime | None:
        return None if self.is_null else self.instant()

    def instant(self) -> datetime:
        try:
            found = datetime.fromisoformat(self.text())
            # The first and the last day of the calendar can lie outside of it in UTC.
            return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
        except (ValueError, OverflowError) as error:
            raise self.fail("an instant in the manner of 2026-06-30T00:00:00Z") from error

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
    segments = {name: audit.at("segments").at(name).count() for name in SEGMENT_ORDER}
    _check_counts(audit.source, rows, sum(segments.values()), share.n_accounts)
    blocks, examined, bound = _blocks(audit, rows[1])
    is_judged = not any(warned.code == "segments_not_judged" for warned in warnings)
    return AuditSummary(
        source=audit.at("source").text(),
        platform=None if audit.at("platform").is_null else audit.at("platform").text(),
        observed_at=audit.at("observed_at").instant_or_none(),
        botscan_version=audit.at("botscan_version").text(),
        model_name=model.at("name").text(),
        model_sha256=model.at("sha256").text(),
        pattern=model.at("pattern").text(),
        rows=(rows[0], rows[1], rows[2], rows[3]),
        share=share,
        segments={
            name: count if is_judged or name not in SEGMENTS_BY_SCORE else None for name, count in segments.items()
        },
        list_digest=audit.at("list_digest").text() if audit.value.get("list_digest") else "",
        warnings=warnings,
        share_codes=_codes_of_notes(audit.at("organic_share")),
        blocks=blocks,
        blocks_examined=examined,
        blocks_lower_bound=bound,
    )


def _check_counts(source: str, rows: Sequence[int], n_in_segments: int, n_in_share: int) -> None:
    """Refuse counts that no audit can give: all of them are of the same accounts."""
    n_read, n_accounts, n_merged, n_rejected = rows
    problem = ""
    if n_read != n_accounts + n_merged + n_rejected:
        problem = (
            f"The list held {n_read} rows, but {n_accounts} accounts, {n_merged} merged and {n_rejected} rejected rows"
            f" make {n_accounts + n_merged + n_rejected}."
        )
    elif n_accounts != n_in_share:
        problem = f"The list holds {n_accounts} accounts, but the organic share is of {n_in_share}."
    elif n_accounts != n_in_segments:
        problem = f"The list holds {n_accounts} accounts, but the segments hold {n_in_segments}."
    if problem:
        raise SchemaError(problem, source=source, remedy=_MAKE_ANEW)


def _check_version(audit: _Place) -> None:
    version = audit.at("schema_version").count()
    if version != AUDIT_SCHEMA_VERSION:
        raise SchemaError(
            f"The audit is written in version {version} of the audit object; this botscan reads version"
            f" {AUDIT_SCHEMA_VERSION}.",
            source=audit.source,
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


def _codes_of_notes(share: _Place) -> frozenset[str]:
    if share.value.get("notes") is None:
        return frozenset()
    return frozenset(note.at("code").text() for note in share.at("notes").items())


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


def _blocks(audit: _Place, n_accounts: int) -> tuple[tuple[FollowBlock, ...], tuple[str, ...], float | None]:
    """Return the blocks, the kinds of evidence that were looked at and the bound; nothing where nobody could look."""
    # Audits that are older than the key did not look.
    if audit.value.get("follow_order") is None:
        return (), (), None
    order = audit.at("follow_order")
    examined = tuple(kind.text() for kind in order.at("examined").items())
    bound = order.at("suspicious_share_lower_bound")
    blocks = tuple(_block(place) for place in audit.at("follow_blocks").items())
    if sum(block.n_accounts for block in blocks) > n_accounts or (blocks and bound.is_null):
        raise SchemaError(
            f"The {len(blocks)} blocks of the follow order do not fit the list of {n_accounts} accounts.",
            source=audit.source,
            remedy=_MAKE_ANEW,
        )
    return blocks, examined, None if bound.is_null else bound.number()


def _block(place: _Place) -> FollowBlock:
    block = FollowBlock(
        first_rank=place.at("first_rank").count(),
        last_rank=place.at("last_rank").count(),
        n_accounts=place.at("n_accounts").count(),
        n_excess_lower=place.at("n_excess_lower").count(),
        followed_after=place.at("followed_after").instant_or_none(),
        followed_before=place.at("followed_before").instant_or_none(),
        q_value=place.at("q_value").number(),
        evidence=tuple(_evidence(one) for one in place.at("evidence_details").items()),
    )
    if block.last_rank < block.first_rank or block.n_excess_lower > block.n_accounts:
        raise place.fail("a block whose ranks and counts fit together")
    return block


def _evidence(place: _Place) -> BlockEvidence:
    code = place.at("code").text()
    if not has_words(f"block_evidence_{code}"):
        raise place.at("code").fail("a kind of evidence that this version of botscan knows")
    created_after, created_before = (place.at(f"created_{end}").instant_or_none() for end in ("after", "before"))
    if (created_after is None) != (created_before is None):
        raise place.fail("both ends of a creation band, or none")
    return BlockEvidence(
        code=code,
        n_accounts=place.at("n_accounts").count(),
        n_known=place.at("n_known").count(),
        n_around=place.at("n_around").amount(),
        n_expected=place.at("n_expected").amount(),
        n_excess_lower=place.at("n_excess_lower").count(),
        created_after=created_after,
        created_before=created_before,
    )
