"""The checks of ./dev check. Each looks at a tree of files and finds faults."""
