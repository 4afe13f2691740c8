"""Features of one account: a declaration each, pure, row by row."""
