"""A client with a transport of its own: objects, lists, errors and the signature of a webhook."""

import json
import time

import stripe


class Transport(stripe.HTTPClient):
    name = "canned"

    def request(self, method, url, headers, post_data=None, **_):
        if url.endswith("/missing"):
            error = {"error": {"type": "invalid_request_error", "message": "No such customer", "code": "resource_missing"}}
            return json.dumps(error), 404, {"Request-Id": "req_1"}
        if method == "post":
            return json.dumps({"object": "customer", "id": "cus_1", "sent": str(post_data)}), 200, {}
        data = [{"object": "customer", "id": f"cus_{i}", "email": f"{i}@example.org"} for i in range(2)]
        return json.dumps({"object": "list", "data": data, "has_more": False, "url": "/v1/customers"}), 200, {}

    request_with_retries = request

    def close(self):
        pass


client = stripe.StripeClient("sk_test_1", http_client=Transport())
print(client.v1.customers.create({"email": "a@b.c", "metadata": {"k": "v"}}).sent)
print([customer.email for customer in client.v1.customers.list().auto_paging_iter()])
try:
    client.v1.customers.retrieve("missing")
except stripe.InvalidRequestError as error:
    print(error.code, error.http_status, error.user_message)
payload, stamp = '{"id": "evt_1", "object": "event", "type": "charge.refunded"}', int(time.time())
signature = stripe.WebhookSignature._compute_signature(f"{stamp}.{payload}", "whsec")
event = stripe.Webhook.construct_event(payload, f"t={stamp},v1={signature}", "whsec")
print(event.type, event.id)
try:
    stripe.Webhook.construct_event(payload, f"t={stamp},v1=bad", "whsec")
except stripe.SignatureVerificationError as error:
    print(str(error)[:60])
