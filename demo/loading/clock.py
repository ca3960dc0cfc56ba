"""Moves the business clock to the next day on which something happens, as the system administrator."""

from datetime import date

from demo.client import Client


def move(system_admin: Client, day: date, key: str) -> None:
    """Move the clock and wait until every service has the day; a move that was made before is not made again."""
    job = system_admin.post("/v1/clock", {"day": day.isoformat()}, f"{key} clock {day}")
    system_admin.await_job(f"/v1/clock/{job['id']}")
