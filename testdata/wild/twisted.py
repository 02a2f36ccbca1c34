"""Deferreds with callbacks and errors, inline callbacks, a clock, a protocol on a string transport, and a log."""

from twisted.internet import defer, task
from twisted.internet.testing import StringTransport
from twisted.protocols.basic import LineReceiver
from twisted.python.failure import Failure

d = defer.Deferred()
d.addCallback(lambda x: x + 1).addCallback(lambda x: 1 // 0).addErrback(lambda f: f.trap(ZeroDivisionError).__name__)
d.addBoth(print)
d.callback(1)

clock = task.Clock()


@defer.inlineCallbacks
def slowly(n):
    yield task.deferLater(clock, n, lambda: None)
    if n == 3:
        raise ValueError("three")
    return n * 10


async def both():
    return await defer.gatherResults([slowly(1), slowly(2)])


defer.ensureDeferred(both()).addCallback(print)
slowly(3).addErrback(lambda failure: print(failure.getErrorMessage(), isinstance(failure, Failure)))
clock.pump([1, 1, 1])
loop = task.LoopingCall(lambda: print("tick", clock.seconds()))
loop.clock = clock
loop.start(2)
clock.pump([1] * 4)
loop.stop()


class Echo(LineReceiver):
    delimiter = b"\n"

    def lineReceived(self, line):
        self.sendLine(line[::-1])


protocol, transport = Echo(), StringTransport()
protocol.makeConnection(transport)
protocol.dataReceived(b"hello\nwor")
protocol.dataReceived(b"ld\n")
print(transport.value())
semaphore = defer.DeferredSemaphore(1)
semaphore.run(lambda: print("in", semaphore.tokens)).addCallback(lambda _: print("out", semaphore.tokens))
