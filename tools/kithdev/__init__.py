"""The tooling behind ./dev, and what the end-to-end tests start the suite with."""
