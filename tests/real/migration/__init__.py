"""A whole migration on real parts: an application, its servers, and what people type."""
