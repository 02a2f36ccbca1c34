"""Tasks in eager mode: a result, a retry, a chain, a group and a chord, and messages of the memory broker."""

from celery import Celery, chain, chord, group
from celery.exceptions import Ignore

app = Celery("tasks", broker="memory://", backend="cache+memory://")
app.conf.update(task_always_eager=True, task_eager_propagates=False, task_store_eager_result=False)


@app.task
def add(x, y):
    return x + y


@app.task(bind=True, max_retries=2, default_retry_delay=0)
def flaky(self, log):
    log.append(self.request.retries)
    if self.request.retries < 2:
        raise self.retry(exc=ValueError("again"))
    return log


@app.task(name="total")
def total(numbers):
    return sum(numbers)


@app.task
def fail():
    raise ZeroDivisionError("on purpose")


print(add.delay(2, 3).get(), add.apply_async((4, 5)).state)
print(flaky.delay([]).get())
print(chain(add.s(1, 2), add.s(10), add.s(100))().get())
print(group(add.s(i, i) for i in range(4))().get())
print(chord([add.s(1, 1), add.s(2, 2)])(total.s()).get())
result = fail.delay()
print(result.state, type(result.result).__name__, result.failed())
print(sorted(name for name in app.tasks if not name.startswith("celery.")))
print(add.signature((1,), countdown=3), app.amqp.queues["celery"].name)
