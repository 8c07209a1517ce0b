"""Telegram: python-telegram-bot is the client, the parser and the poller; what has to last stands in the database."""

import os

# The library's own switch for how it gives times; without it each 429 warns of the change to come.
os.environ.setdefault("PTB_TIMEDELTA", "1")
