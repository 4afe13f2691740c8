"""Organic share from scores alone: a known domain, or a new audience, with how well that held on left-out sources."""
