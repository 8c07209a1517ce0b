"""Years told by where they lie from this one. One table: a year read right in one place must not be a year off in another."""

YEARS_OFF = {
    "大前年": -3,
    "上上年": -2,
    "大上年": -2,
    "前年": -2,
    "去年": -1,
    "上一年": -1,
    "上年": -1,
    "今年": 0,
    "本年": 0,
    "明年": 1,
    "大后年": 3,
    "后年": 2,
}
"""Longer words stand before those that end them, so that a pattern of all of them finds the longer one."""
