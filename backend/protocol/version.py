"""The version of the messages between window and worker; docs/protocol.md repeats it and a test compares."""

PROTOCOL_VERSION = 1
