# /// script
# dependencies = ["kombu", "pyyaml"]
# ///
"""Messages through the memory transport: exchanges, queues, routing, serializers, compression and callbacks."""

import datetime
import socket
import uuid

from kombu import Connection, Consumer, Exchange, Producer, Queue, compression, serialization
from kombu.exceptions import ContentDisallowed
from kombu.pools import producers

media = Exchange("media", "topic", durable=True)
queues = [Queue("video", media, routing_key="media.video.*"), Queue("all", media, routing_key="media.#")]
received = []


def handle(body, message):
    received.append((message.delivery_info["routing_key"], body, message.content_type))
    message.ack()


with Connection("memory://") as connection:
    producer = Producer(connection.channel(), exchange=media)
    for number, (key, options) in enumerate([("media.video.a", {}), ("media.text", {"serializer": "yaml"}), ("media.video.b", {"compression": "zlib", "headers": {"h": 1}})]):
        producer.publish({"n": number, "list": [1, "ü"]}, routing_key=key, declare=[*queues], **options)
    with Consumer(connection.channel(), queues=queues, callbacks=[handle], accept=["json", "yaml"]):
        for _ in range(5):
            connection.drain_events(timeout=1)
        try:
            connection.drain_events(timeout=0.01)
        except socket.timeout:
            print("nothing more")
    print(sorted(received, key=str))
    simple = connection.SimpleQueue("simple")
    simple.put({"when": datetime.datetime(2026, 1, 2), "id": uuid.UUID(int=5)})
    message = simple.get(timeout=1)
    print(message.payload, message.headers, simple.qsize())
    message.ack()
    with producers[connection].acquire(block=True) as pooled:
        pooled.publish("text", routing_key="simple", content_type="text/plain")
    print(simple.get(timeout=1).payload, connection.as_uri(), connection.transport.driver_type)
for name in ["json", "yaml", "pickle"]:
    kind, encoding, data = serialization.dumps({"a": 1}, name)
    print(name, kind, encoding, len(data) > 5)
    try:
        print(serialization.loads(data, kind, encoding, accept=["application/json", "application/x-yaml"]))
    except ContentDisallowed as error:
        print(error)
print(sorted(compression.encoders())[:2], compression.decompress(*compression.compress("aaaa" * 10, "bzip2")))
