"""From a path to account records: files, plan, formats.

`read_accounts` reads a whole list. `plan_reading` and `read_batches` read a list of any size in flat memory; a new
format is one `botscan.readers.formats.Format` more.
"""

from botscan.readers.containers.archives import Parts
from botscan.readers.containers.files import Limits, Source, open_source
from botscan.readers.formats import FORMATS, Format
from botscan.readers.opening import open_input
from botscan.readers.plan import ReadingPlan
from botscan.readers.planned import plan_reading, read_batches
from botscan.readers.read import read_accounts, read_posts, read_series

__all__ = [
    "FORMATS",
    "Format",
    "Limits",
    "Parts",
    "ReadingPlan",
    "Source",
    "open_input",
    "open_source",
    "plan_reading",
    "read_accounts",
    "read_batches",
    "read_posts",
    "read_series",
]
