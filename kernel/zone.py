"""The one time zone of the business day: wherever a date is cut from a moment, it is cut here."""

from zoneinfo import ZoneInfo

#: Where the business day begins and ends; all of China keeps its time.
SHANGHAI = ZoneInfo("Asia/Shanghai")
