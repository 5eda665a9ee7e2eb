"""A service in a few lines: it lives as its mode says, and answers `/health/ready` if it is given a port."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time

name, mode, folder, port, *_, pulse = sys.argv[1:]
with open(os.path.join(folder, f"{name}.started"), "a", encoding="ascii") as file:
    file.write(f"{os.getpid()}\n")
starts = len(open(os.path.join(folder, f"{name}.started"), encoding="ascii").readlines())  # noqa: SIM115
print(f"{name} starts", flush=True)


def leave(*_: object) -> None:
    with open(os.path.join(folder, "ends"), "a", encoding="ascii") as file:
        file.write(f"{name}\n")
    time.sleep(0.3)
    os._exit(0)


def answer() -> None:
    if mode == "answers late":
        time.sleep(2)
    with socket.create_server(("127.0.0.1", int(port)), reuse_port=True) as server:
        while True:
            connection, _ = server.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


signal.signal(signal.SIGTERM, leave)
if mode == "refuses":
    print("it says why")
    sys.exit(1)
if mode == "crashes" or (mode == "crashes later" and starts > 1):
    os.kill(os.getpid(), signal.SIGSEGV)
if int(port):
    threading.Thread(target=answer, daemon=True).start()
while True:
    os.write(int(pulse), b"+")
    time.sleep(0.05)
