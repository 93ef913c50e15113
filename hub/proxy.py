"""JupyterHub's proxy in Python. By itself it forwards ten requests at once, and gives up on each after 20 seconds.

That is too little for a class: while somebody's server starts, their page is one long request, and so is *Validate*.
"""

import sys

from configurable_http_proxy.cli import main
from tornado.httpclient import AsyncHTTPClient

AsyncHTTPClient.configure(None, max_clients=2000)
main(["--proxy-timeout", "600000", *sys.argv[1:]])  # milliseconds
