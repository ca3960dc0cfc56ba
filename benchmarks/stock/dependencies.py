"""The database as a dependency, in the manner of nameko-sqlalchemy."""

from nameko.containers import WorkerContext
from nameko.extensions import DependencyProvider
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker


class Database(DependencyProvider):
    """Gives each worker a factory of sessions over the product's driver and pool."""

    def setup(self) -> None:
        engine = create_engine(self.container.config["DATABASE_URL"], pool_size=8, pool_use_lifo=True)
        # Expiring on commit would cost each write one more round trip.
        self.sessions = sessionmaker(engine, expire_on_commit=False)

    def get_dependency(self, worker_ctx: WorkerContext) -> sessionmaker[Session]:
        return self.sessions
