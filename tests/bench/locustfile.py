# SPDX-License-Identifier: MIT
"""The seed's mix for locust: two reads of weight 10 each, six writes of weight 1 each.

    locust --headless -u 100 -r 100 -t 10s -H http://127.0.0.1:8000 -f tests/bench/locustfile.py
"""
from locust import HttpUser

READS = ("/read/", "/read_transaction/")
WRITES = (
    "/write/",
    "/read_write/",
    "/write_read/",
    "/read_write_transaction/",
    "/write_read_transaction/",
    "/read_write_transaction_immediate/",
)
FORM = {
    "name": "Name 0",
    "campaign": "Campaign 0",
    "voice": "Voice 0",
    "recognize": "Recognize 0",
    "inside": 0,
    "growth": "Growth 0",
    "side": 0,
    "yard": "Yard 0",
    "discussion": "Discussion 0",
}


def reading(path):
    return lambda user: user.client.get(path)


def writing(path):
    return lambda user: user.client.post(path, data=FORM)


class SeedUser(HttpUser):
    tasks = {
        **{reading(path): 10 for path in READS},
        **{writing(path): 1 for path in WRITES},
    }

    def on_start(self):
        # locust joins host and path as they are; -H may end in a slash.
        self.client.base_url = self.client.base_url.rstrip("/")
