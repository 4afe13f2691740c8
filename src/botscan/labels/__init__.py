"""Label sheets out, filled sheets in."""

from botscan.labels.merge import merge_label_sheets
from botscan.labels.merged import MergedLabels
from botscan.labels.reading import read_labels
from botscan.labels.sheet import LabelSheet, make_label_sheet

__all__ = ["LabelSheet", "MergedLabels", "make_label_sheet", "merge_label_sheets", "read_labels"]
