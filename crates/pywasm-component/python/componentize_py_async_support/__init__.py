"""What async components use besides asyncio: `spawn`, and the ends of streams and futures."""

from _pywasm_loop import spawn, wait as await_result

__all__ = ["await_result", "spawn"]
