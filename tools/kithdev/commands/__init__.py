"""The commands of ./dev, each a module with run(arguments) -> exit status."""
