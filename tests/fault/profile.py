"""How much of the fault suite runs: everything once in `make test`, or what the guarantees are claimed for."""

import os
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Profile:
    """Sizes of one pass through the suite."""

    #: Kills at each failpoint.
    kills: int
    #: Repetitions of every other fault.
    repetitions: int
    #: Seconds that something stays frozen or blocked.
    freeze: float
    #: Seconds between heartbeats with the broker.
    heartbeat: int
    #: Seconds that one test may take.
    patience: float


#: Chosen with `UNIONHALL_FAULT_RUNS=full`.
PROFILE = (
    Profile(kills=20, repetitions=3, freeze=60.0, heartbeat=10, patience=1500.0)
    if os.environ.get("UNIONHALL_FAULT_RUNS") == "full"
    else Profile(kills=1, repetitions=1, freeze=5.0, heartbeat=1, patience=240.0)
)
