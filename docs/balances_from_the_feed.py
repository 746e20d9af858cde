"""Rebuild every balance from the feed alone: pip install kafka-python."""

import csv
import json
import sys
from collections import Counter

from kafka import KafkaConsumer, TopicPartition

servers, topic = sys.argv[1:]
consumer = KafkaConsumer(bootstrap_servers=servers, isolation_level="read_committed")
parts = [TopicPartition(topic, part) for part in consumer.partitions_for_topic(topic)]
consumer.assign(parts)
consumer.seek_to_beginning()
ends = consumer.end_offsets(parts)
pence: Counter[tuple[str, str]] = Counter()
last: Counter[bytes] = Counter()
while any(consumer.position(part) < ends[part] for part in parts):
    for messages in consumer.poll(timeout_ms=1_000).values():
        for message in messages:
            data = json.loads(message.value)["data"]
            if data["position"] > last[message.key]:  # Otherwise it was counted.
                last[message.key] = data["position"]
                for leg in data["legs"]:
                    pence[data["premium"]["account"], leg["account"]] += leg["pence"]
consumer.close()
for (premium, account), amount in sorted(pence.items()):
    csv.writer(sys.stdout).writerow((premium, account, amount))
