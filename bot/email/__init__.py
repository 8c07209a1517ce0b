"""Sending mail: the third sender on the outbox and the deliveries, for addresses that web owners confirmed."""
