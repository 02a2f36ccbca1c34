"""Retries by count, by exception and by result, with waits, callbacks, statistics and coroutines."""

import asyncio

from tenacity import AsyncRetrying, RetryError, Retrying, TryAgain, retry, retry_if_exception_type, retry_if_result, stop_after_attempt, stop_after_delay, wait_chain, wait_exponential, wait_fixed

waits = []


@retry(stop=stop_after_attempt(4), wait=wait_exponential(multiplier=1, max=3), sleep=waits.append, retry=retry_if_exception_type(OSError))
def flaky(values):
    values.append(1)
    if len(values) < 4:
        raise OSError("again")
    return len(values)


print(flaky([]), waits, flaky.statistics["attempt_number"])
try:
    flaky.retry_with(stop=stop_after_attempt(2))([])
except RetryError as error:
    print(type(error.last_attempt.exception()).__name__, error.last_attempt.attempt_number)


@retry(retry=retry_if_result(lambda value: value is None), stop=stop_after_attempt(3), retry_error_callback=lambda state: f"gave up after {state.attempt_number}", before=lambda state: print("try", state.attempt_number))
def never():
    return None


print(never())
for attempt in Retrying(stop=stop_after_attempt(3) | stop_after_delay(60), wait=wait_chain(wait_fixed(0)), reraise=True):
    with attempt:
        if attempt.retry_state.attempt_number < 3:
            raise TryAgain
print(attempt.retry_state.attempt_number)


async def main():
    async for attempt in AsyncRetrying(stop=stop_after_attempt(2)):
        with attempt:
            await asyncio.sleep(0)
            if attempt.retry_state.attempt_number == 1:
                raise ValueError
    print("async", attempt.retry_state.attempt_number)


asyncio.run(main())
try:
    retry(stop=stop_after_attempt(1), reraise=True)(lambda: 1 // 0)()
except ZeroDivisionError as error:
    print(error)
