"""The bot over the loopback Bot API: the library's own client talks HTTP to it."""
