"""Accounts: from records with text cells to one typed table in which every account stands once.

The way in is `make_records` (one batch, typed, nothing merged) and `AccountTable` (a whole list, merged).
"""

from botscan.accounts.records import AccountRecords, make_records
from botscan.accounts.settings import CellSettings, count_platforms, platform_named
from botscan.accounts.table import AccountTable

__all__ = ["AccountRecords", "AccountTable", "CellSettings", "count_platforms", "make_records", "platform_named"]
