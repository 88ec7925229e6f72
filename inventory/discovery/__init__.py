"""Many servers asked at once, each in one round trip."""
