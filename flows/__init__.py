"""What people do, one file a verb, on any channel. No channel's own types, no HTML, no commit."""
