"""The tenants of the suite that ./dev runs, whose lives the sample tells."""

from kithdev.credentials import Tenant

DEMO = Tenant(1, "demo", "US", "America/Los_Angeles")
KONTOR = Tenant(2, "kontor", "DE", "Europe/Berlin")

TENANTS = {tenant.slug: tenant for tenant in (DEMO, KONTOR)}
