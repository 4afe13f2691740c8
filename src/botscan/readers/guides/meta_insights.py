"""Meta Insights: what its exports give for pages on Facebook and accounts on Instagram."""

from __future__ import annotations

from botscan.readers.guides.guide import Way, recalled, shown


def followers_gained() -> Way:
    """Return the way of followers gained each day, in exports of Meta Business Suite."""
    return Way(
        name="insights",
        title="Meta Business Suite: followers gained each day (CSV)",
        gives="series",
        formats=("meta_insights",),
        steps=(
            recalled("Insights (Wawasan) > Results (Hasil): export the chart of follows alone, as CSV."),
            shown("Read it with bs.read_series; a file with several charts is refused."),
        ),
        cost=(recalled("Free of charge."),),
        limits=(recalled("Only for a page or account that you manage."),),
        absent=(shown("The number of followers in all, and who they are: nothing in it can be scored."),),
    )
