#!/usr/bin/env python3
"""An S3 server (moto's) whose conditional puts are as atomic as Amazon promises that its own are.

moto answers each request in a thread of its own, looks at `If-Match` and then puts the object,
without a lock between the two: on a busy machine it lets two puts in that were made for the same
version (one round in two hundred of eight puts at once). Here one request comes after the other.

  usage: s3-server.py      in the environment that `python-packages.sh s3` prints
  prints its URL, and serves until its standard input ends: with whoever started it
"""

import logging
import os
import sys
import threading

from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

moto = DomainDispatcherApplication(create_backend_app)
turn = threading.Lock()


def application(environ, start_response):
    with turn:
        return list(moto(environ, start_response))


def end_with_input():
    sys.stdin.read()
    os._exit(0)


logging.getLogger("werkzeug").setLevel(logging.ERROR)
threading.Thread(target=end_with_input, daemon=True).start()
server = make_server("127.0.0.1", 0, application, threaded=True)
print(f"http://127.0.0.1:{server.port}", flush=True)
server.serve_forever()
