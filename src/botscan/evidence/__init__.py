"""What scoring gives and statistics take."""
