"""Version of the package; pyproject.toml says the same, checked by a test."""

BOTSCAN_VERSION = "0.1.0"
