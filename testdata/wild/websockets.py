"""The protocol without a network: handshake, messages, fragments, pings, compression, closing and errors."""

from websockets.client import ClientProtocol
from websockets.exceptions import InvalidHandshake, InvalidURI
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory, ServerPerMessageDeflateFactory
from websockets.frames import Close, Frame, Opcode
from websockets.headers import build_authorization_basic, parse_extension
from websockets.http11 import Request
from websockets.server import ServerProtocol
from websockets.uri import parse_uri

uri = parse_uri("ws://user:pw@example.org:8000/path?q=1")
print(uri.host, uri.port, uri.resource_name, uri.secure, uri.user_info)
client = ClientProtocol(uri, extensions=[ClientPerMessageDeflateFactory()], subprotocols=["chat"])
server = ServerProtocol(extensions=[ServerPerMessageDeflateFactory()], subprotocols=["chat"])
client.send_request(client.connect())


def pass_on(sender, receiver):
    for data in sender.data_to_send():
        receiver.receive_data(data) if data else receiver.receive_eof()
    return receiver.events_received()


(request,) = pass_on(client, server)
print(request.path, request.headers["Upgrade"], request.headers["Sec-WebSocket-Protocol"])
server.send_response(server.accept(request))
(response,) = pass_on(server, client)
print(response.status_code, response.reason_phrase, client.state.name, client.subprotocol, client.extensions)
client.send_text(b"hello " * 20)
client.send_binary(b"\x00\x01", fin=False)
client.send_continuation(b"\x02", fin=True)
client.send_ping(b"p")
for frame in pass_on(client, server):
    print(Opcode(frame.opcode).name, frame.fin, bytes(frame.data)[:12])
print([Opcode(frame.opcode).name for frame in pass_on(server, client)])
server.send_close(1001, "bye")
pass_on(server, client)
pass_on(client, server)
print(client.close_code, client.close_reason, server.state.name, Close(1000, "ok"), Frame(Opcode.TEXT, b"x"))
for attempt in (lambda: parse_uri("http://x"), lambda: parse_extension("a; b=c, d;;")):
    try:
        print(attempt())
    except (InvalidURI, InvalidHandshake) as error:
        print(type(error).__name__, error)
print(build_authorization_basic("u", "p"), Request("/", response.headers.__class__({"A": "1"})).serialize())
