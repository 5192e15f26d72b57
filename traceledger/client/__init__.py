"""The library's front door: one network, to record on and to read from."""
