"""The demo's journey, step by step through the running stack."""
