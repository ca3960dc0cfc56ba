"""A register of members from its file to the figures: checked, sealed, stored, published and reported."""

import csv
import io
import time
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import count, islice
from pathlib import Path
from statistics import median

from tenacity import Retrying, retry_if_result, stop_after_delay, wait_fixed

from benchmarks import product
from benchmarks.harness import Backing
from benchmarks.product import Product
from benchmarks.results import Ceiling, Comparison, Floor, Result, Sample, repeat
from contracts.files import CSV
from kernel.identifiers.resident_id import check_character

#: Members of the zone that the product is built for, and seconds in which they are in; and a file that is beyond it.
ZONE, WITHIN, CITY = 16_952, 20, 200_000
#: Megabytes that the process of membership may have at any moment of the large file.
MEMORY = 300
#: Rows of the large file in a second, for each row of the small one: the work does not grow with the file.
STEADY = 0.9
#: Seconds that an import and its events may take.
PATIENCE = 1200

_HANDLED = "SELECT count(*), extract(epoch FROM max(received_at)) FROM inbox WHERE generation > 0"
#: Headings that say the same of everybody, and what they say; with those of `_row` most of what the register asks.
_ALIKE = {
    "民族": "汉族",
    "就业状况": "在岗",
    "有效证件类别": "居民身份证",
    "学历": "大学专科",
    "户籍类型": "农业家庭户口",
    "户籍所在地": "340199",
    "会籍变化类型": "入会",
    "会籍变化日期": "2023-03-01",
    "政治面貌": "群众",
    "是否农民工": "是",
    "职工类别": "单位职工",
    "是否产业工人": "是",
    "入职日期": "2021-07-01",
}
#: Days on which people may be born, and people of one day.
_DAYS, _OF_A_DAY = 12_000, 999


def run(backing: Backing) -> Sequence[Result]:
    """Import the zone a few times, each time other people, and then a city in a process that has done nothing else."""
    ours = product.prepare(backing)
    people = _people(_known(ours))
    small = repeat(lambda: _import(ours, _file(people, ZONE), ZONE))
    ours.platform.stop_process("membership.1")
    ours.platform.start_process("membership.1")
    large = _import(ours, _file(people, CITY), CITY)
    usual = Sample(rate=median(sample.rate for sample in small))
    return [
        Floor("members from a file to the figures", "rows/s", small, ZONE / WITHIN),
        Comparison(f"{CITY:,} rows against {ZONE:,}", "rows/s", [usual], [large], at_least=STEADY),
        Ceiling(f"memory of membership for {CITY:,} rows", "MB", [_peak(ours)], MEMORY),
    ]


def _import(ours: Product, content: bytes, rows: int) -> Sample:
    """From the command to the last fact in reporting; the file was sent before."""
    key = f"bench {time.time_ns()}"
    file = ours.officer.upload("/v1/memberships/import-files", content, CSV, f"{key} file")
    wanted = {"union_id": ours.federation_id, "file_id": file["id"], "consent_version": "members-2021-11"}
    with ours.sql("reporting") as cursor:

        def handled() -> tuple[int, float]:
            cursor.execute(_HANDLED)
            found, last = cursor.fetchone()
            return int(found), float(last or 0)

        before, begun = handled()[0], time.time()
        job = ours.officer.post("/v1/memberships/import", wanted, key)
        ours.officer.await_job(f"/v1/memberships/imports/{job['id']}")
        patient = Retrying(
            retry=retry_if_result(lambda found: found[0] < before + rows),
            stop=stop_after_delay(PATIENCE),
            wait=wait_fixed(0.2),
        )
        ended = patient(handled)[1]
    return Sample(rate=rows / (ended - begun))


def _known(ours: Product) -> int:
    """How many people the register has, of earlier runs on the same data."""
    with ours.sql("membership") as cursor:
        cursor.execute("SELECT count(*) FROM person")
        [found] = cursor.fetchone()
    return int(found)


def _people(first: int) -> Iterator[dict[str, str]]:
    """Rows of people who do not exist, of a county that does not, each once."""
    for number in count(first):
        of_the_day, day = divmod(number, _DAYS)
        first_17 = f"330199{date(1965, 1, 1) + timedelta(days=day):%Y%m%d}{of_the_day % _OF_A_DAY:03}"
        yield {
            "姓名": "林小满",
            "证件号码": first_17 + check_character(first_17),
            "移动电话": f"199{number:08}",
            "会员编号": f"B{number:08}",
            "工号": str(number),
            **_ALIKE,
        }


def _file(people: Iterator[dict[str, str]], rows: int) -> bytes:
    file = io.StringIO()
    table = csv.DictWriter(file, ("姓名", "证件号码", "移动电话", "会员编号", "工号", *_ALIKE))
    table.writeheader()
    table.writerows(islice(people, rows))
    return file.getvalue().encode()


def _peak(ours: Product) -> float:
    """Megabytes that the process of membership had at most."""
    [process, *_] = ours.platform.processes.tree("membership.1")
    lines = Path(f"/proc/{process.pid}/status").read_text("ascii").splitlines()
    [peak] = [line.split()[1] for line in lines if line.startswith("VmHWM:")]
    return int(peak) / 1024
