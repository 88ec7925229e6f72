"""Sizes, prices and lifecycle dates, as dated data."""
