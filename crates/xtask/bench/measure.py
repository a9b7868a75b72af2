"""Runs one command in a fresh process and prints what it cost, as one line of JSON.

Times are microseconds, cpu_us is user and system together; peak_mb is the largest resident set in MiB. The numbers
are the kernel's own for that child and what it waited for. The command's standard output goes to the file named first.
"""

import json
import os
import sys
import time

output, command = sys.argv[1], sys.argv[2:]
started = time.monotonic()
child = os.posix_spawnp(
    command[0],
    command,
    os.environ,
    file_actions=[(os.POSIX_SPAWN_OPEN, 1, output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)],
)
_, status, used = os.wait4(child, 0)
print(
    json.dumps(
        {
            "cpu_us": round((used.ru_utime + used.ru_stime) * 1e6),
            "wall_us": round((time.monotonic() - started) * 1e6),
            "peak_mb": used.ru_maxrss // 1024,
            "status": os.waitstatus_to_exitcode(status),
        }
    )
)
