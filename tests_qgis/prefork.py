"""An engine that starts at once, for the tests that ask hundreds of questions: run by the library's own interpreter.

    python prefork.py SOCKET

The library is imported once; each question then has a process of its own, forked from this one, that does exactly what
``-m territoire_sig.worker`` does with the streams of whoever asks. A test that measures the start, the end or the
environment of the engine takes the real one.
"""

import os
import signal
import socket
import sys

CLIENT = """#!{python} -IS
import socket, sys
asked = socket.socket(socket.AF_UNIX)
asked.connect({path!r})
socket.send_fds(asked, [b"?"], [0, 1, 2])
answered = asked.recv(1)
sys.exit(answered[0] if answered else 1)
"""


def main(path):
    from territoire_sig.indicators import declared
    from territoire_sig.io.readers import readers

    declared(), readers()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(path)
    listening.listen(16)
    os.write(1, b"ready\n")
    while True:
        asked, _ = listening.accept()
        if os.fork() == 0:
            listening.close()
            answer(asked)
        asked.close()


def answer(asked):
    """Answer one question in this process, and end it."""
    from territoire_sig.worker.__main__ import main as worker

    code = 1
    try:
        _, streams, _, _ = socket.recv_fds(asked, 1, 3)
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
        sys.stdin, sys.stdout = os.fdopen(0, "r"), os.fdopen(1, "w")
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        code = worker()
        sys.stdout.flush()
    except SystemExit as ended:
        code = ended.code
    except:  # noqa: E722  (whatever it is, it is told as an engine tells it, and this process ends)
        sys.excepthook(*sys.exc_info())
    finally:
        asked.send(bytes([code & 255]))
        os._exit(code)


if __name__ == "__main__":
    main(sys.argv[1])
