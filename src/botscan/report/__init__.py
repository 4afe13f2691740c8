"""Charts and the HTML report; takes results."""

from botscan.report.charts import draw_score_histogram, draw_share, draw_waterfall, write_figure
from botscan.report.follow_chart import draw_follow_map
from botscan.report.html import render_report, write_report

__all__ = [
    "draw_follow_map",
    "draw_score_histogram",
    "draw_share",
    "draw_waterfall",
    "render_report",
    "write_figure",
    "write_report",
]
