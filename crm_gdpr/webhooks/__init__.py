"""The door: verify, persist, answer; later parse, de-duplicate, dispatch."""
