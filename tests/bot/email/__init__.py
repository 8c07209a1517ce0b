"""The sender of mail against a real mail server on the loopback."""
