"""The slow reference for features of text stands beside these tests; several of them use it."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
