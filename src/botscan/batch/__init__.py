"""Files in, scores out, in flat memory."""
