"""Tables: delimited text, Parquet, workbooks and lists of lines, from bytes to records of cells."""
