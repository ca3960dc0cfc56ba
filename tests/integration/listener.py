"""A service of somebody else: stock nameko, and nothing of ours; it writes down what it hears."""

import json
import os
from pathlib import Path

from nameko.events import event_handler


class Listener:
    name = "listener"

    @event_handler("events", "activity_closed")
    def take(self, body):
        with Path(os.environ["HEARD"]).open("a") as heard:
            heard.write(json.dumps(body) + "\n")
