"""What async components use besides asyncio: `spawn`, and the ends of streams and futures."""

from collections.abc import Coroutine
from typing import Any

def spawn(coroutine: Coroutine[Any, Any, object]) -> None:
    """Runs a coroutine that may go on after the export has returned, and keeps the call alive until then."""
