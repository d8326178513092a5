"""Where a suite keeps its things."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Layout:
    """Where a suite keeps its things."""

    directory: Path
    binaries: Path

    @property
    def secrets(self) -> Path:
        return self.directory / "secrets"

    @property
    def logs(self) -> Path:
        return self.directory / "log"

    @property
    def keys_file(self) -> Path:
        return self.directory / "keys.textproto"

    @property
    def gateway_key_file(self) -> Path:
        return self.secrets / "gateway-service.key"

    @property
    def suppression_key_file(self) -> Path:
        return self.secrets / "suppression.key"

    @property
    def link_keys_file(self) -> Path:
        return self.secrets / "link.keys"

    @property
    def docs(self) -> Path:
        """The viewer of the gateway's documentation, as the build makes it."""
        return self.binaries.parent / "docs"

    @property
    def has_viewer(self) -> bool:
        """Whether it is complete; the build goes on without npm."""
        return (self.docs / "complete").exists()

    @property
    def tenants_file(self) -> Path:
        return self.directory / "tenants.textproto"
