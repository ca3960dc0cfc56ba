"""Working days, statutory holidays and due dates of the People's Republic of China, read from the yearly notices."""

from kernel.calendar.days import Calendar, Due, Unit, corresponding_day
from kernel.calendar.dues import Change, OpenDue, recompute
from kernel.calendar.notices import Notice, NoticeError

__all__ = ["Calendar", "Change", "Due", "Notice", "NoticeError", "OpenDue", "Unit", "corresponding_day", "recompute"]
