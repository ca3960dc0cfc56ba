"""What operators see of one process, for Prometheus."""

from prometheus_client import Counter, Gauge, Histogram

#: Seconds from a request's arrival in the service to its answer.
CALLS = Histogram(
    "unionhall_call_seconds",
    "Commands and queries served, by method and outcome",
    ("method", "outcome"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
#: Messages that no handler was given.
REFUSED_MESSAGES = Counter("unionhall_refused_messages_total", "Messages turned away, by reason", ("reason",))
#: Events by what became of them.
PUBLISHED = Counter("unionhall_events_published_total", "Events that the broker confirmed")
UNROUTED = Counter("unionhall_events_unrouted_total", "Events that no service consumes", ("type",))
HANDLED = Counter("unionhall_events_handled_total", "Events handled, by outcome", ("outcome",))
FELL_DUE = Counter("unionhall_fell_due_total", "Due rows run, by clock and outcome", ("clock", "outcome"))
FAILED_DUES = Gauge("unionhall_failed_dues", "Due rows whose handler failed and is tried again")
DEAD = Gauge("unionhall_dead_letters", "Dead letters that nobody has decided on")
PARKED = Gauge("unionhall_parked_messages", "Messages in dead.parked, which no table of dead letters could take")
#: What waits.
OUTBOX_DEPTH = Gauge("unionhall_outbox_depth", "Events recorded and not yet published")
OUTBOX_AGE = Gauge("unionhall_outbox_age_seconds", "Age of the oldest event not yet published")
LEADER = Gauge("unionhall_relay_leader", "Whether this process's relay publishes")
LAG = Gauge("unionhall_queue_lag", "Events that wait in this service's queue")
