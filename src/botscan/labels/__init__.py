"""Label sheets out, filled sheets in."""

from botscan.labels.reading import read_labels
from botscan.labels.sheet import LabelSheet, make_label_sheet

__all__ = ["LabelSheet", "make_label_sheet", "read_labels"]
