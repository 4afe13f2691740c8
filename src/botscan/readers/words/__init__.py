"""Words: which canonical column each header or key stands for."""
