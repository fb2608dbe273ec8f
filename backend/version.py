"""The version of Tanren, in one place."""

VERSION = "0.1.0"
BUILD = f"tanren-{VERSION}"
