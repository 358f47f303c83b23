"""What comes from a server, bounded in size and time as a whole."""

from collections.abc import Callable, Iterator
from io import BytesIO
from threading import Event, Thread
from time import monotonic

PATIENCE = 30.0  # seconds for a name, a connection, an answer and all redirections
SLOWEST = 64_000  # bytes a second on the average, after that
_LOOK = 0.05  # seconds


class Unfinished(Exception):
    """Something came, but not the whole."""


class Unwanted(Exception):
    """The server redirects elsewhere, or answers with something else."""


def gathered(chunks: Callable[[], Iterator[bytes]], most: int) -> bytes:
    """All that comes, or more than `most` bytes of it; raises what the chunks raise, or `Unfinished`.

    It runs in a thread of its own, so that neither the search for a name nor a server that gives a byte a second can
    block the run.
    """
    gathering = _Gathering(chunks, most)
    thread = Thread(target=gathering.run, daemon=True)
    started = monotonic()
    thread.start()
    while not gathering.over.wait(_LOOK):
        received = gathering.data.tell()
        if monotonic() - started > PATIENCE + received / SLOWEST:
            gathering.is_left = True
            raise Unfinished(f"the server is too slow ({received:,} bytes came); download it first")
    if gathering.problem:
        raise gathering.problem
    return gathering.data.getvalue()  # shared, not copied


class _Gathering:
    """What has come so far."""

    def __init__(self, chunks: Callable[[], Iterator[bytes]], most: int) -> None:
        self.chunks, self.most = chunks, most
        self.data = BytesIO()
        self.problem: BaseException | None = None
        self.over = Event()
        self.is_left = False  # nobody waits any more

    def run(self) -> None:
        """Gather it; a problem is kept for the caller."""
        try:
            for chunk in self.chunks():
                self.data.write(chunk)
                if self.is_left or self.data.tell() > self.most:
                    break
        except BaseException as problem:  # noqa: BLE001 - raised where it is waited for
            self.problem = problem
        finally:
            self.over.set()
