"""Tables with their queries beside them, on synchronous SQLAlchemy. No rules, no wording, no channel."""
