"""Reads the activities of NGOs from Lähellä.fi and publishes them as listings."""
