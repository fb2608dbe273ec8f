"""Ends before it says anything, as a broken installation does."""

import sys

sys.exit("ModuleNotFoundError: No module named 'torch'")
