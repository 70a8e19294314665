#!/usr/bin/env python3
"""integrations/slurm on a cluster of three nodes, all on loopback: the report is that of a local run, also when a node is lost on the way; and a
task that is lost for good is never a green run."""

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time
import unittest

from support import ONE_ROUTER, ROOT, SSOT, ProjectTest

SUBMIT = ROOT / "integrations/slurm/ssot-submit.sh"
PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "srun")
NODES = 3
CONFIGURATION = """\
ClusterName=ssot
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={port}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket={folder}/munge.sock,cred_expire=5
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny,block_null_hash
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool.%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
MpiDefault=none
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerType=sched/backfill
SchedulerParameters=sched_min_interval=100000,batch_sched_delay=0,bf_interval=1,sched_interval=1
ReturnToService=2
MailProg=/bin/true
SlurmdTimeout=5
SlurmctldTimeout=5
NodeName=n[0-{last}] NodeHostname={host} NodeAddr=127.0.0.1 Port=[{first_port}-{last_port}] CPUs=1 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""


class Cluster:
    """A Slurm cluster without systemd and with a munge of its own: nothing of /etc is used."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()
        folder.chmod(0o755)
        (folder / "state").mkdir()
        port = 20000 + os.getpid() % 2000 * (NODES + 1)  # two clusters at once do not meet
        (folder / "slurm.conf").write_text(CONFIGURATION.format(
            host=socket.gethostname().split(".")[0], folder=folder, port=port, last=NODES - 1, first_port=port + 1, last_port=port + NODES))
        self.env = {**os.environ, "SLURM_CONF": str(folder / "slurm.conf")}
        self.processes = {}

    def start(self):
        key = self.folder / "munge.key"
        key.write_bytes(os.urandom(128))
        key.chmod(0o400)
        self.spawn("munge", "munged", "--foreground", "--force", f"--key-file={key}", f"--socket={self.folder}/munge.sock",
                   f"--pid-file={self.folder}/munged.pid", f"--log-file={self.folder}/munged.log", f"--seed-file={self.folder}/seed")
        self.wait_for(lambda: (self.folder / "munge.sock").exists())
        self.spawn("controller", "slurmctld", "-D", "-i")
        for number in range(NODES):
            self.spawn(f"n{number}", "slurmd", "-D", "-N", f"n{number}")
        self.wait_for(lambda: self.ask("sinfo", "-h", "-N", "-t", "idle", "-o", "%N").split() == [f"n{n}" for n in range(NODES)])

    def spawn(self, name, *command):
        with open(self.folder / f"{name}.out", "w") as out:
            self.processes[name] = subprocess.Popen(command, env=self.env, stdout=out, stderr=out, stdin=subprocess.DEVNULL)

    def ask(self, *command):
        return subprocess.run(command, env=self.env, capture_output=True, text=True).stdout

    def wait_for(self, condition):
        end = time.monotonic() + 60
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError("\n".join(log.read_text()[-2000:] for log in sorted(self.folder.glob("*.out"))))
            time.sleep(0.05)  # between two looks at another process

    def lose(self, node):
        """As when its power goes: its daemon, and everything that it started."""
        daemon = self.processes.pop(node)
        children = descendants_with(f"SLURMD_NODENAME={node}")
        daemon.kill()
        daemon.wait()
        for process in children:
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def stop(self):
        for process in reversed(self.processes.values()):
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def descendants_with(variable):
    """Processes of this test's cluster with the variable in their environment, and the step daemons above them."""
    found = set()
    for entry in pathlib.Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and variable.encode() in (entry / "environ").read_bytes().split(b"\0"):
                found.add(int(entry.name))
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
                if (pathlib.Path("/proc") / str(parent) / "comm").read_text().startswith("slurmstepd"):
                    found.add(parent)
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
    return found


@unittest.skipUnless(all(map(shutil.which, PROGRAMS)), "slurm is not installed")
@unittest.skipUnless(os.getuid() == 0, "a slurmd must be root's")
class Slurm(ProjectTest):
    folder_prefix = "ssot-test-"  # the paths in Slurm's configuration may have no spaces

    def setUp(self):
        super().setUp()
        self.write(".ssot.yaml", ONE_ROUTER)
        self.write("router.h", "#pragma once\nnamespace app { class Router { public: int route(int id) { return id; } }; }\n")
        names = [f"unit{number}.cpp" for number in range(7)]
        for name in names:
            self.write(name, f'#include "router.h"\nclass {name[:-4].title()}Router {{ int n; public: int route(int id) {{ n = id; return n; }} }};\n')
        self.database(*names)
        self.cluster = Cluster(self.root.parent / "slurm")
        self.addCleanup(self.cluster.stop)
        self.cluster.start()

    def submit(self, *arguments, program=None):
        """Starts the script; `program` stands on the PATH of the nodes as ssot."""
        tools = self.root.parent / "bin"
        tools.mkdir(exist_ok=True)
        (tools / "ssot").write_text(program or f'#!/bin/sh\nexec "{SSOT}" "$@"\n')
        (tools / "ssot").chmod(0o755)
        env = {**self.cluster.env, "PATH": f"{tools}:{os.environ['PATH']}"}
        return subprocess.Popen([SUBMIT, *map(str, arguments), "--", "-q", "--format", "json"], cwd=self.root, env=env,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def test_the_report_is_that_of_a_local_run(self):
        local = self.check("-q", "--format", "json")
        process = self.submit(3, self.root / "facts")
        out, err = process.communicate(timeout=120)
        self.assertEqual((process.returncode, out), (local.returncode, local.stdout), err)

    def test_a_node_is_lost(self):
        """The task on n1 hangs until its node is lost, and runs again elsewhere."""
        local = self.check("-q", "--format", "json")
        hangs = f'#!/bin/sh\nif [ "$SLURMD_NODENAME" = n1 ]; then echo "$$" > "{self.root}/hangs"; exec sleep 600; fi\nexec "{SSOT}" "$@"\n'
        process = self.submit(3, self.root / "facts", program=hangs)
        self.cluster.wait_for((self.root / "hangs").exists)
        self.cluster.lose("n1")
        out, err = process.communicate(timeout=120)
        self.assertEqual((process.returncode, out), (local.returncode, local.stdout), err)

    def test_a_task_is_lost_for_good(self):
        fails = f'#!/bin/sh\n[ "$3" = 2/3 ] && exit 9\nexec "{SSOT}" "$@"\n'
        process = self.submit(3, self.root / "facts", program=fails)
        out, err = process.communicate(timeout=120)
        self.assertEqual(process.returncode, 3, err)
        self.assertIn("unit1.cpp: there are no facts of it; extract it", out)

    def test_usage(self):
        done = subprocess.run([SUBMIT, "3"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 2)
        self.assertIn("ssot-submit.sh PARTS FACTS", done.stderr)


if __name__ == "__main__":
    unittest.main()
