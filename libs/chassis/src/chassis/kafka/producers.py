"""Starting a producer so that a failed start leaves no connection open."""

from __future__ import annotations

from aiokafka import AIOKafkaProducer


async def started(producer: AIOKafkaProducer) -> AIOKafkaProducer:
    try:
        await producer.start()
    except BaseException:
        await producer.stop()
        raise
    return producer
