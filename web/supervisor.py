"""Several processes that serve the same application, watched and replaced by the one that started them."""

from uvicorn.supervisors import Multiprocess


class Supervisor(Multiprocess):
    """uvicorn's, which asks each worker in turn whether it lives, and hears at once when one dies instead of answering.

    As it comes, it keeps the worker's end of the line open in its own process, too: who dies while asked (in its start, most
    likely) is waited for until the time for answers is over, and meanwhile nobody is replaced and no SIGTERM is heeded.
    """

    def keep_subprocess_alive(self) -> None:
        """Replace whoever died or no longer answers."""
        for worker in self.processes:
            worker.child_conn.close()  # the worker has its own; closing twice does no harm
        super().keep_subprocess_alive()
