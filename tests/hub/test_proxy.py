"""hub/proxy.py, through which all of a class goes."""

import os
import subprocess
import sys
import threading
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.hub.machine import free_ports
from tests.site.conftest import ROOT

AT_ONCE = 40  # the proxy by itself forwards ten


def test_it_forwards_many_requests_at_once():
    all_there = threading.Barrier(AT_ONCE, timeout=60)

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            if self.path == "/wait":
                all_there.wait()
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            pass

    port, api = free_ports(2)
    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        command = [sys.executable, str(ROOT / "hub" / "proxy.py"), "--ip", "127.0.0.1", "--port", str(port)]
        command += ["--api-ip", "127.0.0.1", "--api-port", str(api), "--log-level", "error"]
        command += ["--default-target", f"http://127.0.0.1:{server.server_port}"]
        proxy = subprocess.Popen(command, env={**os.environ, "CONFIGPROXY_AUTH_TOKEN": "secret"})

        def ask(path):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}", timeout=60) as reply:
                return reply.status

        try:
            for _ in range(120):
                try:
                    ask("")
                    break
                except OSError:
                    assert proxy.poll() is None, "The proxy has ended."
                    time.sleep(0.25)
            with ThreadPoolExecutor(AT_ONCE) as clients:
                assert list(clients.map(ask, ["wait"] * AT_ONCE)) == [200] * AT_ONCE
        finally:
            proxy.terminate()
            proxy.wait(30)
            server.shutdown()
