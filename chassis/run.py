"""Runs one service in one process: `python -m chassis.run services.events.service:Events`."""

import warnings

# nameko needs eventlet, whose retirement ADR 0002 weighs; nine lines of it at the head of each log tell nobody more
warnings.filterwarnings("ignore", r"\s*Eventlet is deprecated")

import eventlet  # noqa: E402

eventlet.monkey_patch()  # before anything that opens a socket or a lock is imported

import gc  # noqa: E402
import importlib  # noqa: E402
import os  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402
from typing import Any  # noqa: E402

import structlog  # noqa: E402
from nameko.containers import ServiceContainer  # noqa: E402

from chassis import failpoints, logs, settings  # noqa: E402

log = structlog.get_logger(__name__)

#: Seconds that a stop may take before the process ends anyhow; the broker and the inbox make that safe.
GRACE = 25
#: Seconds after the start at which what lives for ever is taken out of the garbage collector's sight.
SETTLED = 1
#: Collector thresholds: three quarters of the slowest answers were waiting for a collection (ADR 0008).
_THRESHOLDS = (20_000, 20, 50)
#: Seconds for which a thread (`chassis.offload`) keeps the interpreter from the loop, which asks for it after each wait
#: for the database or broker; with Python's own five milliseconds, imports are a tenth slower.
_SWITCH = 0.0005


def main(target: str) -> None:
    """Run until SIGTERM or SIGINT, or until something fails that only a restart can mend."""
    module, _, name = target.partition(":")
    service = getattr(importlib.import_module(module), name)
    sys.setswitchinterval(_SWITCH)
    loaded = settings.load_or_exit(service.check_settings)
    logs.configure(service.name, loaded.log_format)
    failpoints.arm(loaded.failpoints, production=loaded.production)
    # one place more than requests at a time: a request that waited for a batch of events might start too late
    container = ServiceContainer(service, {"settings": loaded, "max_workers": loaded.workers + 1})
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: eventlet.spawn_n(_stop, container))
    container.start()
    log.info("started")
    eventlet.spawn_after(SETTLED, _settle)
    try:
        container.wait()
    except Exception:
        log.critical("died", exc_info=True)
        sys.exit(1)
    log.info("stopped")


def _stop(container: Any) -> None:
    log.info("stopping")
    eventlet.spawn_after(GRACE, os._exit, 1)
    container.stop()


def _settle() -> None:
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)


if __name__ == "__main__":
    main(sys.argv[1])
