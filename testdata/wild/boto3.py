"""Clients by name, a stubbed call, signed requests and URLs with keys, and the resource's collections."""

import datetime
from unittest import mock

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.stub import Stubber

session = boto3.Session("AKIDEXAMPLE", "secret", region_name="eu-central-1")
s3 = session.client("s3")
with Stubber(s3) as stub:
    stub.add_response("list_objects_v2", {"Contents": [{"Key": "a.txt", "Size": 3}], "KeyCount": 1}, {"Bucket": "b"})
    stub.add_client_error("get_object", "NoSuchKey", "It is not there", 404)
    print(s3.list_objects_v2(Bucket="b")["Contents"])
    try:
        s3.get_object(Bucket="b", Key="x")
    except s3.exceptions.NoSuchKey as error:
        print(type(error).__name__, error)
with mock.patch("botocore.auth.get_current_datetime", lambda *_: datetime.datetime(2026, 1, 2, 3, 4, 5), create=True):
    request = AWSRequest("GET", "https://example.amazonaws.com/?Action=ListUsers", headers={"Host": "example.amazonaws.com"})
    signer = SigV4Auth(Credentials("AKIDEXAMPLE", "secret"), "iam", "us-east-1")
    signer.add_auth(request)
    print(request.headers["X-Amz-Date"], request.headers["Authorization"])
url = s3.generate_presigned_url("get_object", {"Bucket": "b", "Key": "a key.txt"}, ExpiresIn=60)
print(url.split("?")[0], sorted(part.split("=")[0] for part in url.split("?")[1].split("&")))
print(s3.meta.endpoint_url, session.get_available_regions("sqs")[:3], len(session.get_available_services()) > 300)
try:
    session.client("dynamodb").put_item(TableName=1)
except Exception as error:
    print(type(error).__name__, str(error).splitlines()[0])
table = session.resource("dynamodb").Table("people")
print(table.name, table.meta.client.meta.service_model.service_id)
