"""The words with which the network lock refuses, and by which a refusal is recognised: standard library only."""

REFUSED_WORDS = "Tanren works offline"
