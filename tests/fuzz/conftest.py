"""The package `fuzzing` stands beside these tests; the benchmark of the same name uses it too."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
