"""Chat channels, one module or folder each: they turn what arrives into Incoming and send Replies. No rules here."""
