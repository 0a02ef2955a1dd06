"""The same measures and the same diagnosis, handed to Dask partition by partition: never a second engine.

Zones are kept whole, each in one partition; of the covers, a partition reads what touches its zones. Answers are
those of one machine to 1e-9, whatever the number of partitions, of workers, and of workers lost on the way.
"""

from __future__ import annotations

from .analyses import analyse
from .cluster import connected
from .diagnosis import diagnose, task_runner
from .measures import MEASURES, cross
from .partitions import Partitions, partition_parquet, read_partitions
from .results import Scaled, read_scaled

__all__ = [
    "MEASURES",
    "Partitions",
    "Scaled",
    "analyse",
    "connected",
    "cross",
    "diagnose",
    "partition_parquet",
    "read_partitions",
    "read_scaled",
    "task_runner",
]
