"""The only importers of cloud SDKs."""
