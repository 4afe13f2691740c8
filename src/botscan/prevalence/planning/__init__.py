"""How many followers to fetch and how many accounts to label for an interval of a wanted width."""
