"""The backend service: one row read, one row written and told, and two methods that touch no database."""

from functools import partial
from time import perf_counter

from nameko.amqp.publish import Publisher
from nameko.constants import NON_PERSISTENT
from nameko.events import EventDispatcher
from nameko.rpc import Responder, rpc

from benchmarks.stock.dependencies import Database
from benchmarks.stock.models import FIELDS, Activity

# Replies are transient and unconfirmed like requests, as in the product.
Responder.publisher_cls = partial(Publisher, use_confirms=False, delivery_mode=NON_PERSISTENT)


def view(activity: Activity) -> dict[str, object]:
    """The activity as JSON can carry it."""
    values = [(field, getattr(activity, field)) for field in FIELDS]
    return {field: value if isinstance(value, str | int) else value.isoformat() for field, value in values}


class ActivitiesService:
    name = "stock_activities"

    sessions = Database()
    dispatch = EventDispatcher()

    @rpc
    def ping(self) -> str:
        return "pong"

    @rpc
    def get(self, activity_id: str) -> dict[str, object]:
        with self.sessions() as session:
            return view(session.get_one(Activity, activity_id))

    @rpc
    def create(self, payload: dict[str, object]) -> dict[str, object]:
        activity = Activity(**payload)
        with self.sessions() as session:
            session.add(activity)
            session.commit()
        created = view(activity)
        self.dispatch("activity_created", created)
        return created

    @rpc
    def dispatch_many(self, count: int, payload: dict[str, object]) -> float:
        """Dispatches the same event `count` times, one after another; returns the seconds it took."""
        started = perf_counter()
        for _ in range(count):
            self.dispatch("activity_created", payload)
        return perf_counter() - started
