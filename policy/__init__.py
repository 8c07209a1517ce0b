"""The rules: pure functions of an edition, a firm's facts and a day. No database, no channel, no clock."""
