"""Tests of the launcher."""

import signal

# Whoever started the tests may ignore these (nohup, a shell's background), and every program that a test starts would too.
for kind, usual in {
    signal.SIGHUP: signal.SIG_DFL,
    signal.SIGINT: signal.default_int_handler,
    signal.SIGTERM: signal.SIG_DFL,
}.items():
    if signal.getsignal(kind) == signal.SIG_IGN:
        signal.signal(kind, usual)
