"""Objects: JSON in any framing, from text to objects, and from objects to records of cells."""
