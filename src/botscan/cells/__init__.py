"""Numbers, dates, ids, flags and text from cells."""
