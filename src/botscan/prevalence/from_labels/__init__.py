"""Organic share from accounts that people looked at: how labels are matched, weighed and sharpened by scores."""
