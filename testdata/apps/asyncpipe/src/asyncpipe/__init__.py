"""A text pipeline of asyncio tasks and queues."""
