"""Referrals of clients to municipal services: sent with consent, answered, told of."""
